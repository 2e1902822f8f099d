import { Tooltip } from '@mantine/core';
import { t } from '@/i18n';
import { formatExact, formatRelative } from '@/model/format';
import { useNow } from '@/ui/useNow';

/** Relative, with the exact time on hover. */
export function TimeAgo({ time }: { time: string | null | undefined }) {
  const now = useNow();
  if (!time) return <span>{t('time.never')}</span>;
  return (
    <Tooltip label={formatExact(time)}>
      <time dateTime={time}>{formatRelative(time, now)}</time>
    </Tooltip>
  );
}
