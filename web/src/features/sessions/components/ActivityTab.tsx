import { Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconActivity, IconAlertTriangle, IconLock, IconPlug, IconSettings, IconSnowflake, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { t, tOr } from '@/i18n';
import { formatExact, formatSeconds } from '@/model/format';
import { sessionKeys } from '@/model/sessions';
import { FilterChips } from '@/ui/FilterChips';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';

const icons: Record<string, Icon> = { lifecycle: IconActivity, connection: IconPlug, state: IconSnowflake, configuration: IconSettings, access: IconLock, error: IconAlertTriangle };
const categories = ['all', 'lifecycle', 'connection', 'state', 'configuration', 'access', 'error'] as const;

/** What happened, in order, and how long each thing lasted. */
export function ActivityTab({ id }: { id: string }) {
  const [category, setCategory] = useState<(typeof categories)[number]>('all');
  const query = useQuery({
    queryKey: sessionKeys.part(id, 'timeline'),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{id}/activity/timeline', { params: { path: { id } }, signal })),
  });
  if (query.isPending) return <RowsSkeleton rows={6} height={48} />;
  if (query.isError) return <ErrorView error={query.error} retry={() => void query.refetch()} />;
  const rows = [...query.data.items].reverse().filter((row) => category === 'all' || row.category === category);
  return (
    <>
      <div style={{ overflowX: 'auto', paddingBottom: 16 }}>
        <FilterChips label={t('timeline.title')} value={category} onChange={setCategory}
          options={categories.map((value) => ({ value, label: value === 'all' ? t('timeline.all') : t(`category.${value}`) }))} />
      </div>
      {rows.length === 0 ? (
        <EmptyView title={t('timeline.empty')} />
      ) : (
        <Timeline bulletSize={28} lineWidth={1} color="gray">
          {rows.map((row) => {
            const Glyph = icons[row.category] ?? IconActivity;
            return (
              <Timeline.Item key={`${row.at}${row.type}`} bullet={<Glyph size={16} stroke={1.6} />} title={tOr(`event.${row.type}`, row.type)}>
                {row.text && <Text size="sm">{row.text}</Text>}
                <Text size="xs" c="dimmed">
                  {formatExact(row.at)}
                  {row.actor && ` · ${row.actor}`}
                  {row.duration_ms !== null && ` · ${t('timeline.lasted', { time: formatSeconds(row.duration_ms / 1000) })}`}
                </Text>
              </Timeline.Item>
            );
          })}
        </Timeline>
      )}
    </>
  );
}
