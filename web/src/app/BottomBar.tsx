import { Menu, UnstyledButton } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { t } from '@/i18n';
import { useMe } from '@/model/me';
import { adminPlacesOf, mainPlaces, personPlaces } from './navigation';
import { useBadges } from './useBadges';
import css from './BottomBar.module.css';

const everyDay = 3;

/** The rail of a phone: the three places of every day, the rest behind "More". */
export function BottomBar() {
  const me = useMe();
  const badges = useBadges();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const rest = [...mainPlaces.slice(everyDay), ...adminPlacesOf(me), ...personPlaces];
  const inRest = rest.some((place) => pathname.startsWith(place.to));
  return (
    <nav className={css.bar} aria-label={t('nav.main')}>
      {mainPlaces.slice(0, everyDay).map((place) => (
        <NavLink key={place.to} to={place.to} end={place.to === '/'} className={css.item}>
          <place.icon size={22} stroke={1.6} aria-hidden />
          <span className="ellipsis">{t(place.text)}</span>
        </NavLink>
      ))}
      <Menu position="top-end" width={240}>
        <Menu.Target>
          <UnstyledButton className={css.item} data-active={inRest || undefined}>
            <IconDots size={22} stroke={1.6} aria-hidden />
            <span>{t('nav.more')}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((place) => (
            <Menu.Item key={place.to} leftSection={<place.icon size={20} stroke={1.6} />} rightSection={badges[place.to] ? <span className="tnum">{badges[place.to]}</span> : null} onClick={() => void navigate(place.to)}>
              {t(place.text)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
