import type { Session } from '@/api/types';
import { SessionCard } from '@/parts/SessionCard';
import type { Selection } from '../useSelection';
import css from './SessionGrid.module.css';

export function SessionGrid({ sessions, showOwner, selection }: { sessions: Session[]; showOwner: boolean; selection: Selection }) {
  return (
    <div className={css.grid}>
      {sessions.map((session) => (
        <SessionCard key={session.id} session={session} showOwner={showOwner} selected={selection.has(session.id)} onSelect={(on) => selection.set(session.id, on)} />
      ))}
    </div>
  );
}
