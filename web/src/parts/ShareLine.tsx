import { Tooltip } from '@mantine/core';
import { t } from '@/i18n';
import { formatExact, formatSeconds } from '@/model/format';
import { useNow } from '@/ui/useNow';

/** When a share ends, with the exact time on hover. */
export function ShareEnd({ at }: { at: string | null }) {
  const now = useNow();
  if (!at) return <span>{t('share.noEnd')}</span>;
  const seconds = Math.max(60, (new Date(at).getTime() - now) / 1000);
  return (
    <Tooltip label={formatExact(at)}>
      <time dateTime={at}>{t('share.ends', { time: formatSeconds(Math.ceil(seconds / 60) * 60) })}</time>
    </Tooltip>
  );
}
