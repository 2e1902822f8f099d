import { Button, Table } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { IconChecklist } from '@tabler/icons-react';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import type { LaunchApproval } from '@/api/types';
import { t, tn } from '@/i18n';
import { launchKeys } from '@/model/launchRules';
import { may, permissions, useMe } from '@/model/me';
import { TimeAgo } from '@/parts/TimeAgo';
import { DenseTable } from '@/ui/DenseTable';
import { FilterChips } from '@/ui/FilterChips';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { ApprovalDrawer } from '../components/ApprovalDrawer';
import { Grade } from '../components/Grade';
import css from './ProtectionPage.module.css';

const states = ['pending', 'granted', 'used', 'refused', 'withdrawn', 'expired', 'all'] as const;
type State = (typeof states)[number];

const approvalsQuery = (status: State) =>
  infiniteQueryOptions({
    queryKey: [...launchKeys.approvals, 'list', status],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET('/api/v1/launch-approvals', { params: { query: { limit: 50, ...(status !== 'all' && { status }), ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    staleTime: 0,
  });

/** Who asks for an approval to launch, and what became of it. */
export function ApprovalsPage() {
  const mayDecide = may(useMe(), permissions.approvals);
  const [state, setState] = useParam('status', 'pending');
  const [open, setOpen] = useState<LaunchApproval | null>(null);
  const query = useInfiniteQuery({ ...approvalsQuery(state as State), placeholderData: (old) => old });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page wide title={t('approvals.title')} lead={t('approvals.lead')}>
      <div className={css.filters}>
        <FilterChips label={t('dlp.status')} value={state as State} onChange={setState} options={states.map((value) => ({ value, label: value === 'all' ? t('dlp.status.all') : t(`approval.status.${value}`) }))} />
        {query.isSuccess && <span className={css.total}>{tn('list.count', Number(query.data.pages[0]?.total ?? rows.length))}</span>}
      </div>
      {query.isPending ? (
        <RowsSkeleton rows={6} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconChecklist size={28} stroke={1.5} />} title={t(state === 'pending' ? 'approvals.none' : 'list.noMatch')} {...(state === 'pending' ? { help: t('approvals.noneHelp') } : {})} />
      ) : (
        <DenseTable minWidth={820} label={t('approvals.title')}>
          <Table.Thead>
            <Table.Tr>{(['who', 'what', 'why', 'asked', 'status'] as const).map((column) => <Table.Th key={column}>{t(`approvals.col.${column}`)}</Table.Th>)}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td className={css.name}>
                  <button type="button" className={css.open} aria-label={t('approvals.open', { who: row.user.username, name: row.template_title })} onClick={() => setOpen(row)}>{row.user.username}</button>
                </Table.Td>
                <Table.Td className={css.name}>{row.template_title}</Table.Td>
                <Table.Td className={css.name}>{row.reason}</Table.Td>
                <Table.Td><TimeAgo time={row.asked_at} /></Table.Td>
                <Table.Td><Grade of="approval" value={row.status} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </DenseTable>
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      <ApprovalDrawer approval={rows.find((row) => row.id === open?.id) ?? open} mayDecide={mayDecide} onClose={() => setOpen(null)} />
    </Page>
  );
}
