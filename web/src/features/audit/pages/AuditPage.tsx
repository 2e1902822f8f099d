import { Button, Menu, Select, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconChevronDown, IconHistory, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { AuditRow } from '@/api/types';
import { t, tn, tOr } from '@/i18n';
import { formatExact } from '@/model/format';
import { may, useMe } from '@/model/me';
import { DenseTable } from '@/ui/DenseTable';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { actionsQuery, auditQuery, dayRange, exportAddress, type AuditFilters } from '../audit.queries';
import { AuditDrawer } from '../components/AuditDrawer';
import { DayRange } from '../components/DayRange';
import css from './AuditPage.module.css';

const results = ['all', 'ok', 'denied', 'refused', 'failed'] as const;

export function AuditPage() {
  const me = useMe();
  const [search, setSearch] = useParam('q');
  const [result, setResult] = useParam('result', 'all');
  const [action, setAction] = useParam('action');
  const [user, setUser] = useParam('user');
  const [from, setFrom] = useParam('from');
  const [to, setTo] = useParam('to');
  const [open, setOpen] = useState<AuditRow | null>(null);
  const [text] = useDebouncedValue(search.trim(), 250);
  const actions = useQuery(actionsQuery);
  // The chosen one stays in the list even when the statistics do not name it.
  const actionNames = [...new Set([...(actions.data ?? []), ...(action ? [action] : [])])];
  const filters: AuditFilters = {
    ...(text && { text }),
    ...(action && { action }),
    ...(result !== 'all' && { result }),
    ...(user && { actor: user }),
    ...dayRange([from || null, to || null]),
  };
  const query = useInfiniteQuery({ ...auditQuery(filters), placeholderData: (old) => old });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.keys(filters).length > 0;
  const clear = () => {
    for (const set of [setSearch, setAction, setUser, setFrom, setTo]) set('');
    setResult('all');
  };
  const total = query.data?.pages[0]?.total;

  return (
    <Page wide title={t('audit.title')} lead={t('audit.lead')} action={may(me, 'audit.export') && <Export filters={filters} />}>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('audit.search')}
        {...(query.isSuccess ? { count: typeof total === 'number' ? tn('list.count', total) : query.hasNextPage ? t('list.countMore', { count: rows.length }) : tn('list.count', rows.length) } : {})}
        extra={
          <>
            <Select aria-label={t('audit.action')} placeholder={t('audit.anyAction')} className={css.action} searchable clearable value={action || null} onChange={(value) => setAction(value ?? '')}
              data={actionNames} clearButtonProps={{ 'aria-label': t('action.clearFilters') }} />
            <DayRange from={from} to={to} onChange={(a, b) => { setFrom(a); setTo(b); }} />
            <Button variant="default" leftSection={<IconRefresh size={16} stroke={1.8} />} loading={query.isFetching && !query.isPending} onClick={() => void query.refetch()}>{t('action.refresh')}</Button>
          </>
        }
        chips={
          <>
            <FilterChips label={t('audit.result')} value={result as (typeof results)[number]} onChange={setResult} options={results.map((value) => ({ value, label: t(`audit.result.${value}`) }))} />
            {user && <FilterChips label={t('audit.col.who')} value="on" onChange={() => setUser('')} options={[{ value: 'on', label: `${t('audit.forUser')} ×` }]} />}
          </>
        } />
      {query.isPending ? (
        <RowsSkeleton rows={12} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconHistory size={28} stroke={1.5} />} title={filtered ? t('list.noMatch') : t('audit.empty')} help={filtered ? t('list.noMatchHelp') : t('audit.emptyHelp')}
          action={filtered && <Button variant="default" onClick={clear}>{t('action.clearFilters')}</Button>} />
      ) : (
        <Rows rows={rows} onOpen={setOpen} />
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      <AuditDrawer row={open} onClose={() => setOpen(null)} onUser={(id) => { setUser(id); setOpen(null); }} />
    </Page>
  );
}

function Rows({ rows, onOpen }: { rows: AuditRow[]; onOpen: (row: AuditRow) => void }) {
  return (
    <DenseTable minWidth={860} label={t('audit.title')}>
      <Table.Thead>
        <Table.Tr>
          {(['time', 'who', 'action', 'resource', 'address', 'result'] as const).map((name) => <Table.Th key={name}>{t(`audit.col.${name}`)}</Table.Th>)}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id} className={css.row} onClick={() => onOpen(row)}>
            <Table.Td className="tnum">
              <button type="button" className={css.open} aria-label={t('audit.open', { time: formatExact(row.time) })} onClick={() => onOpen(row)}>{formatExact(row.time)}</button>
            </Table.Td>
            <Table.Td className={css.cut}>{row.actor.username || t('audit.nobody')}</Table.Td>
            <Table.Td className={css.code}>{row.action}</Table.Td>
            <Table.Td className={css.cut} title={row.resource ?? ''}>{row.resource}</Table.Td>
            <Table.Td className="tnum">{row.address}</Table.Td>
            <Table.Td><span className={css.result} data-result={row.result}><i aria-hidden />{tOr(`audit.result.${row.result}`, row.result)}</span></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </DenseTable>
  );
}

function Export({ filters }: { filters: AuditFilters }) {
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} />}>{t('audit.export')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'json'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exportAddress(format, filters)} download={`audit.${format}`}>{t('audit.exportAs', { format: format.toUpperCase() })}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
