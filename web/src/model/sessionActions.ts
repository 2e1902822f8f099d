import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { Session } from '@/api/types';
import { t, tn } from '@/i18n';
import { confirm } from '@/ui/confirm';
import { problemText } from '@/ui/problemText';
import { toast, toastError, toastProblem } from '@/ui/toast';
import { viewerPath } from './launch';
import type { SessionAction } from './phase';
import { patchSession, putSession, sessionKeys } from './sessions';

/** What the page shows until the server's word comes. */
const expected: Partial<Record<SessionAction, Partial<Session>>> = {
  freeze: { phase: 'freezing' },
  hibernate: { phase: 'hibernating' },
  wake: { phase: 'waking' },
  end: { phase: 'terminating' },
};

async function call(action: Exclude<SessionAction, 'open'>, { id, phase }: Session): Promise<Session | undefined> {
  const path = { params: { path: { id } } };
  switch (action) {
    case 'freeze': return ok(api.POST('/api/v1/sessions/{id}/freeze', path));
    case 'hibernate': return ok(api.POST('/api/v1/sessions/{id}/hibernate', path));
    // A failed session has nothing to wake; starting launches it again.
    case 'wake': return phase === 'failed' ? ok(api.POST('/api/v1/sessions/{id}/start', path)) : ok(api.POST('/api/v1/sessions/{id}/wake', path));
    case 'restart': return ok(api.POST('/api/v1/sessions/{id}/restart', path));
    case 'end':
      await ok(api.DELETE('/api/v1/sessions/{id}', path));
      return undefined;
  }
}

/** One action on one session: shown at once, taken back when refused. */
async function run(queries: QueryClient, action: Exclude<SessionAction, 'open'>, session: Session): Promise<void> {
  const before = { phase: session.phase };
  patchSession(queries, session.id, expected[action] ?? {});
  try {
    const answer = await call(action, session);
    if (answer && 'phase' in answer) putSession(queries, answer);
  } catch (error) {
    patchSession(queries, session.id, before);
    throw error;
  }
}

function question(action: SessionAction, session: Session): Parameters<typeof confirm>[0] | null {
  const name = session.name;
  if (action === 'end')
    return { title: t('end.title', { name }), body: t(session.persistent_home ? 'end.body' : 'end.bodyNoHome'), action: t('end.action'), danger: true };
  if (action === 'restart') return { title: t('restart.title', { name }), body: t('restart.body'), action: t('do.restart') };
  return null;
}

export function useSessionActions() {
  const queries = useQueryClient();
  const navigate = useNavigate();

  const act = async (action: SessionAction, session: Session): Promise<boolean> => {
    if (action === 'open') {
      await navigate(viewerPath(session.id));
      return true;
    }
    const ask = question(action, session);
    if (ask && !(await confirm(ask))) return false;
    try {
      await run(queries, action, session);
      toast(t(`did.${action}`, { name: session.name }));
      return true;
    } catch (error) {
      toastProblem(error);
      return false;
    }
  };

  /** The same for many; one question, one summary. */
  const actOnAll = async (action: Exclude<SessionAction, 'open' | 'restart'>, sessions: Session[]): Promise<void> => {
    if (action === 'end') {
      const body = t('batch.end.body', { names: sessions.map((s) => s.name).join(', ') });
      if (!(await confirm({ title: tn('batch.end.title', sessions.length), body, action: t('end.action'), danger: true }))) return;
    }
    const results = await Promise.allSettled(sessions.map((session) => run(queries, action, session)));
    const refused = results.filter((r) => r.status === 'rejected');
    const done = sessions.length - refused.length;
    if (done > 0) toast(tn('batch.done', done));
    if (refused[0]) {
      const text = problemText(toProblem(refused[0].reason));
      toastError(t('batch.failed', { failed: refused.length, all: sessions.length, text }));
    }
    void queries.invalidateQueries({ queryKey: sessionKeys.lists });
  };

  return { act, actOnAll };
}
