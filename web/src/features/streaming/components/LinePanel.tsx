import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Session, Viewer } from '@/api/types';
import { t } from '@/i18n';
import { formatBytes, formatMs, formatNumber } from '@/model/format';
import { viewersQuery } from '@/model/sessions';
import { Facts } from '@/parts/Facts';
import { ErrorView } from '@/ui/views';
import { Sparkline } from '@/ui/Sparkline';

const every = 1000;
const kept = 60;

interface Sample {
  rate: number;
  frames: number;
}

/** How the line to this browser does: both parts of the delay, what it carries, what comes of it. Asked for only while it is open. */
export function LinePanel({ session, viewerId }: { session: Session; viewerId: string | null }) {
  const viewers = useQuery({ ...viewersQuery(session.id), refetchInterval: every, refetchOnMount: 'always' });
  const { dataUpdatedAt } = viewers;
  const [history, setHistory] = useState<{ at: number; samples: Sample[] }>({ at: 0, samples: [] });
  const own = viewers.data?.find((viewer) => viewer.id === viewerId);
  const rate = own?.bytes_per_second ?? 0;
  const frames = own?.frames_per_second ?? 0;
  // Each answer is one point, also when it says the same as the one before.
  if (dataUpdatedAt > history.at) setHistory({ at: dataUpdatedAt, samples: [...history.samples.slice(1 - kept), { rate, frames }] });
  const { samples } = history;

  if (viewers.isPending) return <Stack><Skeleton height={120} /><Skeleton height={64} /></Stack>;
  if (viewers.isError) return <ErrorView compact error={viewers.error} retry={() => void viewers.refetch()} />;
  if (!own) return <Text c="dimmed">{t('line.gone')}</Text>;
  const { client, display } = own.latency_ms;
  const delay = (ms: number | null) => (ms === null ? t('line.notMeasured') : formatMs(ms));
  return (
    <Stack gap="md">
      {own.held && <Text size="sm" c="dimmed">{t('line.held')}</Text>}
      <Facts rows={[
        [t('line.browser'), <span key="b" className="tnum">{delay(client)}</span>],
        [t('line.display'), <span key="d" className="tnum">{delay(display)}</span>],
        [t('line.quality'), <span key="q" className="tnum" data-testid="line-quality">{qualityText(own)}</span>],
        [t('line.total'), <span key="t" className="tnum">{formatBytes(own.bytes_out)}</span>],
      ]} />
      <Sparkline title={t('line.rate')} value={t('line.rateValue', { size: formatBytes(rate) })} over={t('line.minute')} values={samples.map((sample) => sample.rate)} length={kept} />
      <Sparkline title={t('line.frames')} value={formatNumber(frames)} over={t('line.minute')} values={samples.map((sample) => sample.frames)} length={kept} />
    </Stack>
  );
}

function qualityText({ quality }: Viewer): string {
  if (!quality) return t('line.qualityNone');
  return quality.automatic ? t('line.qualityAuto', { level: quality.level, best: quality.best }) : t('line.qualityFixed', { level: quality.level });
}
