import { SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t, tn, tOr } from '@/i18n';
import { DenseTable } from '@/ui/DenseTable';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { statisticsQuery } from '../dlp.queries';

/** The last 30 days in figures. */
export function Statistics() {
  const query = useQuery(statisticsQuery);
  if (query.isPending) return <RowsSkeleton rows={8} />;
  if (query.isError) return <ErrorView error={query.error} retry={() => void query.refetch()} />;
  const { open, by_policy: policies, by_user: users, by_reason: reasons, by_day: days } = query.data;
  const busy = days.filter((day) => Number(day.blocked) + Number(day.warned) + Number(day.allowed) > 0).reverse();
  return (
    <Stack gap="lg">
      <Text>{tn('dlp.stats.openNow', Number(open))}</Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Counts title={t('dlp.stats.byPolicy')} rows={policies} />
        <Counts title={t('dlp.stats.byUser')} rows={users} />
        <Counts title={t('dlp.stats.byReason')} rows={reasons.map((row) => ({ ...row, name: tOr(`guard.reason.${row.name}`, row.name, { finding: '…' }) }))} />
      </SimpleGrid>
      <div>
        <Title order={2} size="h4" mb="sm">{t('dlp.stats.days')}</Title>
        {busy.length === 0 ? <Text c="dimmed">{t('dlp.stats.none')}</Text> : (
          <DenseTable minWidth={420} label={t('dlp.stats.days')}>
            <Table.Thead>
              <Table.Tr>{(['day', 'blocked', 'warned', 'allowed'] as const).map((name) => <Table.Th key={name}>{t(`dlp.stats.${name}`)}</Table.Th>)}</Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {busy.map((day) => (
                <Table.Tr key={day.date}>
                  <Table.Td className="tnum">{day.date}</Table.Td>
                  <Table.Td className="tnum">{Number(day.blocked)}</Table.Td>
                  <Table.Td className="tnum">{Number(day.warned)}</Table.Td>
                  <Table.Td className="tnum">{Number(day.allowed)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </DenseTable>
        )}
      </div>
    </Stack>
  );
}

function Counts({ title, rows }: { title: string; rows: { name: string; incidents: number | string }[] }) {
  return (
    <div>
      <Title order={2} size="h4" mb="sm">{title}</Title>
      {rows.length === 0 ? <Text c="dimmed">{t('dlp.stats.none')}</Text> : (
        <Table aria-label={title}>
          <Table.Tbody>
            {rows.slice(0, 8).map((row) => (
              <Table.Tr key={row.name}>
                <Table.Td>{row.name}</Table.Td>
                <Table.Td className="tnum" ta="right">{Number(row.incidents)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
