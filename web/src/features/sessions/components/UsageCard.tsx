import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { api, ok } from '@/api/http';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { onLiveEvent } from '@/model/live';
import { sessionKeys } from '@/model/sessions';
import { Card } from '@/ui/Card';
import { EmptyView, ErrorView } from '@/ui/views';
import { appendSample, sampleFrom, type UsagePage } from '../usage';

// The chart library is the largest part of this page, so it comes after the words.
const UsageCharts = lazy(() => import('./UsageCharts').then((m) => ({ default: m.UsageCharts })));

export function UsageCard({ session }: { session: Session }) {
  const queries = useQueryClient();
  const key = sessionKeys.part(session.id, 'usage');
  const usage = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{id}/usage', { params: { path: { id: session.id } }, signal })),
  });

  // New samples arrive on the socket; nothing is asked again.
  useEffect(
    () =>
      onLiveEvent((event) => {
        if (event.sessionId !== session.id || event.type !== 'session.resources.updated') return;
        const sample = sampleFrom(event);
        if (sample) queries.setQueryData<UsagePage>(sessionKeys.part(session.id, 'usage'), (old) => appendSample(old, sample));
      }),
    [queries, session.id],
  );

  return (
    <Card title={t('usage.title')}>
      {usage.isPending ? (
        <Skeleton height={280} />
      ) : usage.isError ? (
        <ErrorView compact error={usage.error} retry={() => void usage.refetch()} />
      ) : usage.data.items.length === 0 ? (
        <EmptyView title={t('usage.none')} help={t('usage.noneHelp')} />
      ) : (
        <Suspense fallback={<Skeleton height={280} />}>
          <UsageCharts points={usage.data.items} session={session} />
        </Suspense>
      )}
    </Card>
  );
}
