import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconClock } from '@tabler/icons-react';
import { useEffect } from 'react';
import { api, ok } from '@/api/http';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatSeconds } from '@/model/format';
import { idleQuery, sessionKeys } from '@/model/sessions';
import { isGuest } from '@/model/shares';
import { nextWarning, warningLength } from '@/model/warnings';
import { toastProblem } from '@/ui/toast';
import { useNow } from '@/ui/useNow';
import css from './Notice.module.css';

/** Two minutes before it sleeps, ten and one before it ends: says so, with "stay" where staying helps. */
export function Notice({ session }: { session: Session }) {
  const queries = useQueryClient();
  const now = useNow(1000);
  const idle = useQuery({ ...idleQuery(session.id), enabled: session.phase === 'running' && !isGuest(session) });
  const warning = session.phase === 'running' ? nextWarning(idle.data ?? null, session.expires_at, now) : null;
  // What was known may be older than the last key press: a warning is shown only after the server was asked within its time.
  const sleeps = warning !== null && warning.what !== 'ends';
  const due = warning ? now - (warningLength(warning.what) - warning.seconds) * 1000 : 0;
  const stale = sleeps && idle.dataUpdatedAt < due - 1000;
  const { refetch } = idle;
  useEffect(() => {
    if (stale) void refetch();
  }, [stale, refetch]);
  useActivity(sleeps && !stale, refetch);
  if (!warning || stale) return null;

  const stay = async () => {
    try {
      await ok(api.POST('/api/v1/sessions/{id}/heartbeat', { params: { path: { id: session.id } } }));
      await queries.invalidateQueries({ queryKey: sessionKeys.part(session.id, 'idle') });
    } catch (error) {
      toastProblem(error);
    }
  };

  return (
    <div className={css.notice} role="status">
      <IconClock size={18} stroke={1.6} aria-hidden />
      <span>{t(`warn.${warning.what}`, { time: formatSeconds(warning.seconds) })}</span>
      {warning.what !== 'ends' && <Button size="compact-sm" onClick={() => void stay()}>{t('warn.stay')}</Button>}
    </div>
  );
}

/** Somebody types while the warning is up: what was just said is probably over, so ask, but not for every key. */
function useActivity(on: boolean, ask: () => unknown): void {
  useEffect(() => {
    if (!on) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const active = () => {
      timer ??= setTimeout(() => {
        timer = null;
        ask();
      }, 1500);
    };
    window.addEventListener('keydown', active, true);
    window.addEventListener('pointerdown', active, true);
    return () => {
      if (timer) clearTimeout(timer);
      window.removeEventListener('keydown', active, true);
      window.removeEventListener('pointerdown', active, true);
    };
  }, [on, ask]);
}
