import { ActionIcon, Button, Group, Table, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconDots, IconMovie, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RecordingRow } from '@/api/types';
import { t, tn } from '@/i18n';
import { formatBytes } from '@/model/format';
import { may, useMe } from '@/model/me';
import { TimeAgo } from '@/parts/TimeAgo';
import { clockOf } from '@/stream/timeline';
import { DenseTable } from '@/ui/DenseTable';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { PoliciesDrawer } from '../components/PoliciesDrawer';
import { RecordingDrawer } from '../components/RecordingDrawer';
import { RequestsDrawer } from '../components/RequestsDrawer';
import { recordingsQuery } from '../recordings.queries';
import css from './RecordingsPage.module.css';

const states = ['all', 'recording', 'ended'] as const;
const statesOfAll = [...states, 'deleted'] as const;
type State = (typeof statesOfAll)[number];

/** The recordings of the caller's sessions, or with `all` everybody's. */
export function RecordingsPage({ all = false }: { all?: boolean }) {
  const [search, setSearch] = useParam('q');
  const [state, setState] = useParam('state', 'all');
  const [open, setOpen] = useState<string | null>(null);
  const me = useMe();
  const [policies, setPolicies] = useState(false);
  const [requests, setRequests] = useParam('requests');
  const approves = all && may(me, 'recordings.approve');
  const setsPolicies = all && may(me, 'recordings.set_policies');
  const [text] = useDebouncedValue(search.trim(), 250);
  const query = useInfiniteQuery({
    ...recordingsQuery({ ...(text && { text }), ...(state !== 'all' && { state: state as Exclude<State, 'all'> }), ...(!all && { owner: 'me' }) }),
    placeholderData: (old) => old,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = text !== '' || state !== 'all';
  const clear = () => {
    setSearch('');
    setState('all');
  };
  return (
    <Page wide title={all ? t('rec.titleAll') : t('rec.title')} lead={all ? t('rec.leadAll') : t('rec.lead')} action={(approves || setsPolicies) && (
      <Group gap="xs">
        {approves && <Button variant="default" onClick={() => setRequests('1')}>{t('access.title')}</Button>}
        {setsPolicies && <Button onClick={() => setPolicies(true)}>{t('policy.title')}</Button>}
      </Group>
    )}>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('rec.search')}
        {...(query.isSuccess ? { count: tn('list.count', query.data.pages[0]?.total ?? rows.length) } : {})}
        chips={<FilterChips label={t('rec.state')} value={state as State} onChange={setState} options={(all ? statesOfAll : states).map((value) => ({ value, label: t(`rec.state.${value}`) }))} />} />
      {query.isPending ? (
        <RowsSkeleton rows={8} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconMovie size={28} stroke={1.5} />} title={filtered ? t('list.noMatch') : t('rec.empty')} help={filtered ? t('list.noMatchHelp') : t('rec.emptyHelp')}
          action={filtered && <Button variant="default" onClick={clear}>{t('action.clearFilters')}</Button>} />
      ) : (
        <Rows rows={rows} all={all} onOpen={setOpen} />
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      {setsPolicies && <PoliciesDrawer opened={policies} onClose={() => setPolicies(false)} />}
      {approves && <RequestsDrawer opened={requests !== ''} onClose={() => setRequests('')} />}
      <RecordingDrawer row={rows.find((row) => row.id === open) ?? null} onClose={() => setOpen(null)} />
    </Page>
  );
}

function Rows({ rows, all, onOpen }: { rows: RecordingRow[]; all: boolean; onOpen: (id: string) => void }) {
  const columns = ['session', ...(all ? (['owner'] as const) : []), 'started', 'length', 'size', 'state'] as const;
  return (
    <DenseTable minWidth={all ? 820 : 680} label={all ? t('rec.titleAll') : t('rec.title')}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((name) => <Table.Th key={name}>{t(`rec.col.${name}`)}</Table.Th>)}
          <Table.Th><span className="visually-hidden">{t('rec.col.actions')}</span></Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>{row.may_play ? <Link className={css.name} to={`/recordings/${row.id}`}>{row.session_name}</Link> : row.session_name}</Table.Td>
            {all && <Table.Td>{row.owner.username}</Table.Td>}
            <Table.Td><TimeAgo time={row.started_at} /></Table.Td>
            <Table.Td className="tnum">{clockOf(row.duration_ms)}</Table.Td>
            <Table.Td className="tnum">{formatBytes(row.bytes)}</Table.Td>
            <Table.Td><span className={css.state} data-state={row.state}><i aria-hidden />{t(`rec.state.${row.state}`)}{row.held && ` (${t('rec.held')})`}</span></Table.Td>
            <Table.Td>
              <Group gap={4} justify="flex-end" wrap="nowrap">
                {row.may_play && (
                  <Tooltip label={t('rec.play', { name: row.session_name })}>
                    <ActionIcon component={Link} to={`/recordings/${row.id}`} variant="subtle" aria-label={t('rec.play', { name: row.session_name })}><IconPlayerPlay size={18} stroke={1.6} aria-hidden /></ActionIcon>
                  </Tooltip>
                )}
                <ActionIcon variant="subtle" aria-label={t('rec.details', { name: row.session_name })} onClick={() => onOpen(row.id)}><IconDots size={18} stroke={1.6} aria-hidden /></ActionIcon>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </DenseTable>
  );
}
