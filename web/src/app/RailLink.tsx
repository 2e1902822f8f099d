import { Tooltip, VisuallyHidden } from '@mantine/core';
import { NavLink } from 'react-router';
import { t, tn } from '@/i18n';
import type { Place } from './navigation';
import css from './RailLink.module.css';

export function RailLink({ place, narrow, count = 0 }: { place: Place; narrow: boolean; count?: number }) {
  const waiting = count > 0 ? `, ${tn('nav.waiting', count)}` : '';
  const link = (
    <NavLink to={place.to} end={place.to === '/'} className={css.link} data-narrow={narrow || undefined} {...(narrow && { 'aria-label': t(place.text) + waiting })}>
      <place.icon size={20} stroke={1.6} aria-hidden />
      {!narrow && <span className="ellipsis">{t(place.text)}{waiting && <VisuallyHidden>{waiting}</VisuallyHidden>}</span>}
      {count > 0 && <span className={css.count} aria-hidden>{count > 99 ? '99+' : count}</span>}
    </NavLink>
  );
  return narrow ? <Tooltip label={t(place.text) + waiting} position="right">{link}</Tooltip> : link;
}
