import { Anchor, Button, Group, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft, IconScreenShare } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { isProblem } from '@/api/http';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { viewerPath } from '@/model/launch';
import { isLaunching, isOver } from '@/model/phase';
import { sessionQuery } from '@/model/sessions';
import { isGuest } from '@/model/shares';
import { useSessionActions } from '@/model/sessionActions';
import { LaunchSteps } from '@/parts/LaunchSteps';
import { SessionMenu } from '@/parts/SessionMenu';
import { SessionPicture } from '@/parts/SessionPicture';
import { StateDot } from '@/parts/StateDot';
import { useParam } from '@/ui/useParam';
import { usePageTitle } from '@/ui/usePageTitle';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { ActivityTab } from '../components/ActivityTab';
import { IdleCard } from '../components/IdleCard';
import { LogsTab } from '../components/LogsTab';
import { ProbeCard } from '../components/ProbeCard';
import { ProcessesTab } from '../components/ProcessesTab';
import { SessionFacts } from '../components/SessionFacts';
import { SettingsTab } from '../components/SettingsTab';
import { UsageCard } from '../components/UsageCard';
import css from './SessionPage.module.css';

const tabs = ['overview', 'activity', 'logs', 'processes', 'settings'] as const;

export function SessionPage() {
  const { id = '' } = useParams();
  const query = useQuery(sessionQuery(id));
  const guest = query.data !== undefined && isGuest(query.data);
  usePageTitle(query.data?.name);
  return (
    <div className={css.page}>
      <Anchor component={Link} to={guest ? '/shared' : '/sessions'} className={css.back} c="dimmed" size="sm"><IconArrowLeft size={16} stroke={1.8} aria-hidden /> {t(guest ? 'nav.shared' : 'detail.back')}</Anchor>
      {isProblem(query.error, 404) ? (
        <EmptyView page title={t('detail.missing')} help={t('detail.missingHelp')} action={<Button component={Link} to="/sessions">{t('over.sessions')}</Button>} />
      ) : query.data ? (
        <Detail session={query.data} />
      ) : query.isError ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : (
        <RowsSkeleton rows={4} height={96} />
      )}
    </div>
  );
}

function Detail({ session }: { session: Session }) {
  const [tab, setTab] = useParam('tab', 'overview');
  // Whom a session is shared with sees its display; what is in it and about it is its owner's.
  const shown = isGuest(session) ? (['overview'] as const) : tabs.filter((name) => name !== 'settings' || (session.permissions.manage && !isOver(session.phase)));
  return (
    <>
      <header className={css.head}>
        <div className={css.words}>
          <Title order={1} className={css.name}>{session.name}</Title>
          <StateDot phase={session.phase} />
        </div>
        <Group gap="sm" wrap="nowrap">
          <Primary session={session} />
          <SessionMenu session={session} details={false} />
        </Group>
      </header>
      {session.message && session.phase === 'failed' && <p className={css.failed} role="alert">{session.message}</p>}
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List className={css.tabs}>
          {shown.map((name) => <Tabs.Tab key={name} value={name}>{t(`detail.tab.${name}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="lg"><Overview session={session} /></Tabs.Panel>
        <Tabs.Panel value="activity" pt="lg"><ActivityTab id={session.id} /></Tabs.Panel>
        <Tabs.Panel value="logs" pt="lg"><LogsTab session={session} /></Tabs.Panel>
        <Tabs.Panel value="processes" pt="lg"><ProcessesTab id={session.id} /></Tabs.Panel>
        <Tabs.Panel value="settings" pt="lg"><SettingsTab session={session} /></Tabs.Panel>
      </Tabs>
    </>
  );
}

function Primary({ session }: { session: Session }) {
  const { act } = useSessionActions();
  if (isOver(session.phase)) return null;
  if (session.phase === 'failed') return <Button onClick={() => void act('wake', session)}>{t('failed.retry')}</Button>;
  return <Button component={Link} to={viewerPath(session.id)} leftSection={<IconScreenShare size={18} stroke={1.8} />}>{t('sessions.open')}</Button>;
}

function Overview({ session }: { session: Session }) {
  const launching = isLaunching(session.phase);
  return (
    <div className={css.columns}>
      <div className={css.main}>
        {!isOver(session.phase) && session.phase !== 'failed' && (
          <div className={css.picture}>
            <SessionPicture session={session} live="always" />
            <Link to={viewerPath(session.id)} className={css.cover} aria-label={t('sessions.openOf', { name: session.name })} />
          </div>
        )}
        {launching && <section className={css.card}><LaunchSteps session={session} /></section>}
        {!isGuest(session) && <UsageCard session={session} />}
        {!isGuest(session) && <ProbeCard session={session} />}
      </div>
      <div className={css.side}>
        {!isOver(session.phase) && !isGuest(session) && <IdleCard session={session} />}
        <SessionFacts session={session} />
      </div>
    </div>
  );
}
