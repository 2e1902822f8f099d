import { useEffect } from 'react';
import { useLocation } from 'react-router';
import type { LiveEvent } from '@/api/live';
import { t, tOr } from '@/i18n';
import { viewerPath } from '@/model/launch';
import { onLiveEvent } from '@/model/live';
import { useMe } from '@/model/me';
import { toast, toastError } from '@/ui/toast';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What happens to one's own sessions while one looks elsewhere. What one did oneself has been said already. */
export function StateToasts() {
  const { user } = useMe();
  const { pathname } = useLocation();

  useEffect(
    () =>
      onLiveEvent((event) => {
        if (!event.sessionId) return;
        if (event.data.user === user.id) tellShare(event, pathname === viewerPath(event.sessionId));
        if (event.userId !== user.id) return;
        if (event.type === 'session.recording.started' && event.data.notify === true) toast(t('record.notice'));
        const name = text(event.data.name);
        if (name) tell(event, name, pathname === viewerPath(event.sessionId));
      }),
    [user.id, pathname],
  );
  return null;
}

/** What others share, or share no more. Who leaves knows it, and so does who looks at it: there it stands over the picture. */
function tellShare({ type, data }: LiveEvent, looksAtIt: boolean): void {
  const name = text(data.name);
  if (!name) return;
  if (type === 'session.shared' && data.changed !== true) toast(t('toast.shared', { name }));
  if (type === 'session.unshared' && !looksAtIt && !['left', 'session_ended'].includes(text(data.cause))) toast(t('toast.unshared', { name }));
}

function tell(event: LiveEvent, name: string, looksAtIt: boolean): void {
  const { data } = event;
  const idle = text(data.cause) === 'idle';
  switch (event.type) {
    case 'session.error':
      if (data.fatal === false) toastError(text(data.program) ? t('toast.killed', { name, program: text(data.program) }) : t('toast.trouble', { name, message: tOr(`reason.${text(data.code)}`, text(data.text)) }));
      else if (!looksAtIt) toastError(t('toast.failed', { name, message: text(data.text) || text(data.message) }));
      break;
    case 'session.frozen':
      if (idle && !looksAtIt) toast(t('toast.frozen', { name }));
      break;
    case 'session.hibernated':
      if (idle && !looksAtIt) toast(t('toast.hibernated', { name }));
      break;
    case 'session.started':
      if (!looksAtIt) toast(t('toast.started', { name }));
      break;
  }
}
