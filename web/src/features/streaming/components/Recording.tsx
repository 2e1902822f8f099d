import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlayerRecord, IconPlayerRecordFilled } from '@tabler/icons-react';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { useRecordingOf } from '@/model/recordings';
import { isGuest } from '@/model/shares';
import { toast, toastError, toastProblem } from '@/ui/toast';
import css from './Recording.module.css';

/** Says that the session is being recorded, whoever started it. */
export function RecordingDot({ session, below }: { session: Session; below: boolean }) {
  const { recording } = useRecordingOf(session.id);
  const recorded = recording !== null || session.share?.recorded === true;
  return (
    <div role="status">
      {recorded && <span className={css.dot} data-below={below || undefined} data-testid="recorded"><i aria-hidden />{t('record.on')}</span>}
    </div>
  );
}

/** Starts and stops; a recording that somebody else started stays. */
export function RecordTool({ session, className }: { session: Session; className: string | undefined }) {
  const { recording, mayRecord, start, stop } = useRecordingOf(session.id);
  if (!mayRecord || isGuest(session)) return null;
  const label = recording ? t('record.stop') : t('record.start');
  const act = () => {
    if (recording && !recording.may_stop) toastError(t('record.stopDenied'));
    else if (recording) stop.mutate(undefined, { onSuccess: () => toast(t('record.stopped')), onError: toastProblem });
    else start.mutate(undefined, { onSuccess: () => toast(t('record.started')), onError: toastProblem });
  };
  return (
    <Tooltip label={label}>
      <ActionIcon {...(className ? { className } : {})} size={36} aria-label={label} aria-pressed={recording !== null} loading={start.isPending || stop.isPending} onClick={act}>
        {recording ? <IconPlayerRecordFilled size={20} color="#f03e3e" aria-hidden /> : <IconPlayerRecord size={20} stroke={1.6} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
