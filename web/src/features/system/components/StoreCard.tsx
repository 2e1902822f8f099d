import { Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { RecordingStore } from '@/api/types';
import { t, tn } from '@/i18n';
import { formatBytes, formatCount } from '@/model/format';
import { may, useMe } from '@/model/me';
import { Facts } from '@/parts/Facts';
import { TimeAgo } from '@/parts/TimeAgo';
import { Card } from '@/ui/Card';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { storeRows } from '../store';

/** Where recordings are kept, and what waits; looks again while something does. */
export function StoreCard() {
  const allowed = may(useMe(), 'recordings.manage_all');
  const query = useQuery({
    queryKey: ['system', 'recording-store'],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/recordings/store', { signal })),
    enabled: allowed,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && (state.data.away || state.data.waiting_segments > 0 || state.data.waiting_removals > 0) ? 5000 : false),
  });
  if (!allowed) return null;
  const store = query.data;
  return (
    <Card title={t('system.store')} aside={store?.store === 's3' && <State store={store} />}>
      {store ? <Content store={store} /> : query.isError ? <ErrorView compact error={query.error} retry={() => void query.refetch()} /> : <RowsSkeleton rows={3} />}
    </Card>
  );
}

const State = ({ store }: { store: RecordingStore }) => (
  <Badge variant="light" tt="none" color={store.away ? 'red' : 'green'}>{store.away ? t('system.store.away') : t('system.store.well')}</Badge>
);

function Content({ store }: { store: RecordingStore }) {
  return (
    <>
      <Text mb="sm">{store.store === 's3' ? t('system.store.s3', { bucket: store.bucket ?? '' }) : t('system.store.local')}</Text>
      {store.last_error && (
        <div role="status">
          <Text size="sm" c="dimmed">{t('system.store.lastError')}, <TimeAgo time={store.last_error_at} /></Text>
          <Text mb="sm" c={store.away ? 'var(--ss-failed)' : undefined}>{store.last_error}</Text>
        </div>
      )}
      {store.away && <Text mb="sm" size="sm">{t('system.store.nothingLost')}</Text>}
      <Facts rows={[
        ...storeRows(store).map(({ name, count, bytes }): [string, string] => [
          t(name),
          bytes === undefined ? formatCount(count) : count === 0 ? t('system.store.nothing') : tn('system.store.keptValue', count, { size: formatBytes(bytes) }),
        ]),
        ...(store.oldest_waiting ? [[t('system.store.oldest'), <TimeAgo key="o" time={store.oldest_waiting} />] as [string, React.ReactNode]] : []),
        ...(store.endpoint ? [[t('system.store.address'), store.endpoint] as [string, string]] : []),
      ]} />
    </>
  );
}
