import { Button, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { DlpViolation } from '@/api/types';
import { t, tn } from '@/i18n';
import { formatExact } from '@/model/format';
import { DenseTable } from '@/ui/DenseTable';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar } from '@/ui/ListToolbar';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { violationsQuery } from '../dlp.queries';
import css from '../pages/ProtectionPage.module.css';
import { reasonOf } from '../reason';
import { Grade } from './Grade';
import { ViolationDrawer } from './ViolationDrawer';

const states = ['all', 'open', 'reviewed', 'resolved', 'false_positive'] as const;

export function ViolationList({ mayManage }: { mayManage: boolean }) {
  const [status, setStatus] = useParam('status', 'all');
  const [user, setUser] = useParam('user');
  const [name] = useDebouncedValue(user.trim(), 250);
  const [open, setOpen] = useState<DlpViolation | null>(null);
  const query = useInfiniteQuery({ ...violationsQuery({ ...(status !== 'all' && { status }), ...(name && { user: name }) }), placeholderData: (old) => old });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = status !== 'all' || name !== '';
  return (
    <>
      <ListToolbar search={user} onSearch={setUser} placeholder={t('dlp.searchUser')}
        {...(query.isSuccess ? { count: tn('list.count', Number(query.data.pages[0]?.total ?? rows.length)) } : {})}
        chips={<FilterChips label={t('dlp.status')} value={status as (typeof states)[number]} onChange={setStatus} options={states.map((value) => ({ value, label: t(`dlp.status.${value}`) }))} />} />
      {query.isPending ? (
        <RowsSkeleton rows={8} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconShieldCheck size={28} stroke={1.5} />} title={filtered ? t('list.noMatch') : t('dlp.noViolations')}
          action={filtered && <Button variant="default" onClick={() => { setUser(''); setStatus('all'); }}>{t('action.clearFilters')}</Button>} />
      ) : (
        <DenseTable minWidth={860} label={t('dlp.tab.violations')}>
          <Table.Thead>
            <Table.Tr>
              {(['time', 'who', 'what', 'policy', 'severity', 'status'] as const).map((column) => <Table.Th key={column}>{t(`dlp.vcol.${column}`)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td className="tnum"><button type="button" className={css.open} aria-label={t('dlp.open', { time: formatExact(row.at) })} onClick={() => setOpen(row)}>{formatExact(row.at)}</button></Table.Td>
                <Table.Td className={css.name}>{row.user.username}</Table.Td>
                <Table.Td className={css.name}>{t(`dlp.channel.${row.channel}`)}: {reasonOf(row)}</Table.Td>
                <Table.Td className={css.name}>{row.policy.name}</Table.Td>
                <Table.Td><Grade of="severity" value={row.policy.severity} /></Table.Td>
                <Table.Td><Grade of="status" value={row.status} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </DenseTable>
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      <ViolationDrawer violation={open} mayManage={mayManage} onClose={() => setOpen(null)} />
    </>
  );
}
