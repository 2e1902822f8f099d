import { Tooltip, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconActivity } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatMs } from '@/model/format';
import { viewersQuery } from '@/model/sessions';
import css from './Latency.module.css';

/** Asked when the toolbar comes into sight, not again and again. */
export function Latency({ session, viewerId, shown, open, onClick }: { session: Session; viewerId: string | null; shown: boolean; open: boolean; onClick: () => void }) {
  const viewers = useQuery({ ...viewersQuery(session.id), enabled: shown });
  const { refetch } = viewers;
  useEffect(() => {
    if (shown && viewerId) void refetch();
  }, [shown, viewerId, refetch]);
  const delay = viewers.data?.find((viewer) => viewer.id === viewerId)?.latency_ms.client ?? null;
  if (delay === null) return null;
  return (
    <Tooltip label={t('viewer.latencyTitle')}>
      <UnstyledButton className={css.latency} data-grade={delay < 60 ? 'good' : delay < 150 ? 'fair' : 'poor'} aria-pressed={open} onClick={onClick}>
        <IconActivity size={16} stroke={1.8} aria-hidden />
        <span className="visually-hidden">{t('viewer.latency', { time: '' })}</span>
        {formatMs(delay)}
      </UnstyledButton>
    </Tooltip>
  );
}
