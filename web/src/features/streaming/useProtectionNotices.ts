import { useEffect } from 'react';
import type { LiveEvent } from '@/api/live';
import { t, tOr } from '@/i18n';
import { onLiveEvent } from '@/model/live';
import { toast, toastError } from '@/ui/toast';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Says what a policy did not let pass, and why; for this page's own viewer only. */
export function useProtectionNotices(session: string, viewerId: string | null): void {
  useEffect(
    () =>
      onLiveEvent((event) => {
        const notice = event.sessionId === session ? noticeOf(event, viewerId) : null;
        if (notice) (event.type === 'dlp.blocked' ? toastError : toast)(notice);
      }),
    [session, viewerId],
  );
}

/** Null for what is no such fact, or another viewer's. */
export function noticeOf(event: LiveEvent, viewerId: string | null): string | null {
  if (event.type !== 'dlp.blocked' && event.type !== 'dlp.warned') return null;
  const incident = event.data.incident as Record<string, unknown> | undefined;
  if (!incident || text(incident.viewerId) !== viewerId) return null;
  const finding = text(incident.finding);
  const reason = text(incident.reason);
  const found = reason === 'tampered' ? tOr(`guard.tamper.${finding}`, finding) : tOr(`dlp.detector.${finding}`, finding);
  const values = { policy: text(incident.policyName), reason: tOr(`guard.reason.${reason}`, reason, { finding: found }) };
  return event.type === 'dlp.warned' ? t('guard.warned', values) : tOr(`guard.blocked.${text(incident.channel)}`, `${values.policy}: ${values.reason}`, values);
}
