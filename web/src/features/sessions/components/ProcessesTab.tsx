import { Button, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconRefresh } from '@tabler/icons-react';
import { api, ok } from '@/api/http';
import { t } from '@/i18n';
import { formatBytes, formatPercent } from '@/model/format';
import { sessionKeys } from '@/model/sessions';
import { DenseTable } from '@/ui/DenseTable';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';

export function ProcessesTab({ id }: { id: string }) {
  const query = useQuery({
    queryKey: sessionKeys.part(id, 'processes'),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{id}/processes', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
  if (query.isPending) return <RowsSkeleton rows={5} />;
  if (query.isError) return <ErrorView error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyView title={t('processes.none')} help={t('processes.noneHelp')} />;
  return (
    <>
      <Button mb="md" variant="default" leftSection={<IconRefresh size={16} stroke={1.8} />} loading={query.isFetching} onClick={() => void query.refetch()}>{t('action.refresh')}</Button>
      <DenseTable minWidth={520} label={t('detail.tab.processes')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={80}>{t('processes.pid')}</Table.Th>
            <Table.Th>{t('processes.name')}</Table.Th>
            <Table.Th ta="end">{t('processes.cpu')}</Table.Th>
            <Table.Th ta="end">{t('processes.memory')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {query.data.items.map((row) => (
            <Table.Tr key={row.pid}>
              <Table.Td className="tnum">{row.pid}</Table.Td>
              <Table.Td title={row.command ?? row.name}>{row.name}</Table.Td>
              <Table.Td ta="end" className="tnum">{row.cpu_percent === null ? '' : formatPercent(row.cpu_percent)}</Table.Td>
              <Table.Td ta="end" className="tnum">{row.memory_bytes === null ? '' : formatBytes(row.memory_bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </DenseTable>
    </>
  );
}
