import { Checkbox } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Session } from '@/api/types';
import { t, tn } from '@/i18n';
import { formatSeconds } from '@/model/format';
import { sessionPath, viewerPath } from '@/model/launch';
import { nameOf } from '@/model/people';
import { ownerOf } from '@/model/useLeave';
import { useNow } from '@/ui/useNow';
import css from './SessionCard.module.css';
import { SessionMenu } from './SessionMenu';
import { SessionPicture } from './SessionPicture';
import { ShareEnd } from './ShareLine';
import { StateDot } from './StateDot';

interface Props {
  session: Session;
  /** Level of the name among the page's headings. */
  heading?: 'h2' | 'h3';
  showOwner?: boolean;
  selected?: boolean;
  onSelect?: (selected: boolean) => void;
}

/** A session as a picture with a name under it. A failed one opens its details, where the reason stands. */
export function SessionCard({ session, heading: Heading = 'h2', showOwner, selected, onSelect }: Props) {
  const to = session.phase === 'failed' ? sessionPath(session.id) : viewerPath(session.id);
  return (
    <article className={css.card} data-selected={selected || undefined}>
      <div className={css.picture}>
        <SessionPicture session={session} live="pointed" />
        <Link to={to} className={css.cover} aria-label={t('sessions.openOf', { name: session.name })} />
      </div>
      {onSelect && (
        <Checkbox className={css.check} checked={selected ?? false} aria-label={t('action.selectOne', { name: session.name })} onChange={(e) => onSelect(e.currentTarget.checked)} />
      )}
      <div className={css.foot}>
        <div className={css.words}>
          <Heading className={css.name}><span className="ellipsis" title={session.name}>{session.name}</span></Heading>
          <p className={css.line}>
            <StateDot phase={session.phase} size="small" />
            <Since session={session} />
            {session.viewers > 0 && (
              <span className={css.viewers}><IconEye size={14} stroke={1.8} aria-hidden /> {tn('sessions.watching', session.viewers)}</span>
            )}
            {showOwner && <span className="ellipsis">{nameOf(session.owner)}</span>}
          </p>
          {session.share && <Shared session={session} share={session.share} />}
        </div>
        <SessionMenu session={session} />
      </div>
      {session.phase === 'failed' && session.message && <p className={css.message}>{session.message}</p>}
    </article>
  );
}

/** Whose it is, what one may do in it, until when, and what they said. */
function Shared({ session, share }: { session: Session; share: NonNullable<Session['share']> }) {
  return (
    <>
      <p className={css.line}>
        <span>{t('shared.by', { name: ownerOf(session) })}</span>
        <span>{t(`level.${share.level}`)}</span>
        <ShareEnd at={share.expires_at} />
      </p>
      {share.note && <p className={css.note}>{share.note}</p>}
    </>
  );
}

function Since({ session }: { session: Session }) {
  const now = useNow();
  const from = session.phase === 'running' ? session.started_at : session.phase === 'frozen' ? session.frozen_at : session.phase === 'hibernated' ? session.hibernated_at : null;
  if (!from) return null;
  const time = formatSeconds(Math.max(60, Math.floor((now - new Date(from).getTime()) / 60_000) * 60));
  return <span className={css.since}>{t(session.phase === 'running' ? 'sessions.up' : 'sessions.sleeping', { time })}</span>;
}
