import { ActionIcon, AppShell, Tooltip } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery, useNetwork } from '@mantine/hooks';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { t } from '@/i18n';
import { useMe } from '@/model/me';
import { Brand } from '@/ui/Brand';
import { RowsSkeleton } from '@/ui/views';
import { BottomBar } from './BottomBar';
import { CrashGuard } from './CrashGuard';
import { adminPlacesOf, mainPlaces } from './navigation';
import { RailLink } from './RailLink';
import { TopBar } from './TopBar';
import { useBadges } from './useBadges';
import { useShortcuts } from './useShortcuts';
import css from './UserShell.module.css';

// Both open on a key press at the earliest, so they are not part of the first load.
const Palette = lazy(() => import('./Palette').then((m) => ({ default: m.Palette })));
const ShortcutList = lazy(() => import('./ShortcutList').then((m) => ({ default: m.ShortcutList })));

export function UserShell() {
  const me = useMe();
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const [narrow, setNarrow] = useLocalStorage({ key: 'streamspace.rail', defaultValue: false, getInitialValueInEffect: false });
  const [keys, keyList] = useDisclosure();
  const [paletteAsked, setPaletteAsked] = useState(0);
  const location = useLocation();
  const { online } = useNetwork();
  const admin = adminPlacesOf(me);
  const badges = useBadges();
  const openPalette = () => setPaletteAsked((n) => n + 1);
  useShortcuts({ onPalette: openPalette, onHelp: keyList.open });

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: narrow ? 64 : 216, breakpoint: 'sm', collapsed: { mobile: true } }}
      {...(phone ? { footer: { height: 'calc(60px + env(safe-area-inset-bottom))' } } : {})}
      padding={0}
      layout="alt"
      transitionDuration={0}
    >
      <a className={css.skip} href="#main">{t('app.skip')}</a>
      <AppShell.Header className={css.header}>
        <TopBar onPalette={openPalette} onHelp={keyList.open} phone={phone} />
      </AppShell.Header>
      {!phone && (
        <AppShell.Navbar className={css.rail} aria-label={t('nav.main')} data-narrow={narrow || undefined}>
          <Link to="/" className={css.brand} aria-label={`${t('app.name')}: ${t('nav.home')}`}>
            <Brand size={28} />
            {!narrow && <span>{t('app.name')}</span>}
          </Link>
          <div className={css.places}>
            {mainPlaces.map((place) => <RailLink key={place.to} place={place} narrow={narrow} />)}
            {admin.length > 0 && <div className={css.line} role="presentation">{!narrow && t('nav.admin')}</div>}
            {admin.map((place) => <RailLink key={place.to} place={place} narrow={narrow} count={badges[place.to] ?? 0} />)}
          </div>
          <Tooltip label={narrow ? t('nav.expand') : t('nav.collapse')} position="right">
            <ActionIcon className={css.fold} onClick={() => setNarrow(!narrow)} aria-label={narrow ? t('nav.expand') : t('nav.collapse')}>
              {narrow ? <IconLayoutSidebarLeftExpand size={20} stroke={1.6} /> : <IconLayoutSidebarLeftCollapse size={20} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="main" tabIndex={-1} className={css.main}>
        {!online && <p className={css.offline} role="status">{t('app.offline')}</p>}
        <CrashGuard key={location.pathname.split('/')[1] ?? ''}>
          <Suspense fallback={<LoadingPage />}>
            <Outlet />
          </Suspense>
        </CrashGuard>
      </AppShell.Main>
      {phone && <AppShell.Footer className={css.bottom}><BottomBar /></AppShell.Footer>}
      <Suspense fallback={null}>
        {paletteAsked > 0 && <Palette asked={paletteAsked} onHelp={keyList.open} />}
        {keys && <ShortcutList onClose={keyList.close} />}
      </Suspense>
    </AppShell>
  );
}

/** A page whose code is still on its way: it has a heading, as every page has. */
function LoadingPage() {
  return (
    <div className={css.loading}>
      <h1 className="visually-hidden">{t('app.starting')}</h1>
      <RowsSkeleton />
    </div>
  );
}
