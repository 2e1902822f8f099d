import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconDeviceDesktop, IconPlus, IconSearch } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Session } from '@/api/types';
import { t, tn } from '@/i18n';
import { useMe } from '@/model/me';
import { isOver, phaseGroups, type PhaseGroup } from '@/model/phase';
import { rowsOf, sessionsQuery } from '@/model/sessions';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar, type ListView } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { CardsSkeleton, EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { SelectionBar } from '../components/SelectionBar';
import { SessionGrid } from '../components/SessionGrid';
import { SessionTable } from '../components/SessionTable';
import { useSelection } from '../useSelection';

const sorts = { '-created_at': 'sessions.sort.created', created_at: 'sessions.sort.oldest', name: 'sessions.sort.name' } as const;
const groups = ['all', ...(Object.keys(phaseGroups) as PhaseGroup[])] as const;
type Group = (typeof groups)[number];

const inGroup = (session: Session, group: Group): boolean =>
  group === 'all' ? !isOver(session.phase) : (phaseGroups[group] as readonly string[]).includes(session.phase);

/** The caller's sessions, or with `all` everybody's: same page, other default view. */
export function SessionsPage({ all = false }: { all?: boolean }) {
  const me = useMe();
  const [search, setSearch] = useParam('q');
  const [group, setGroup] = useParam('state', 'all');
  const [sort, setSort] = useParam('sort', '-created_at');
  const [view, setView] = useParam('view', all ? 'table' : 'grid');
  const [owner] = useParam('owner');
  const [text] = useDebouncedValue(search.trim(), 200);
  const query = useInfiniteQuery({
    ...sessionsQuery({ sort, ...(text && { text }), ...(all ? (owner ? { owner } : {}) : { owner: me.user.id }), ...(all && { all: true }) }),
    // Typing keeps the old rows until the new ones are there.
    placeholderData: (old) => old,
  });
  const loaded = rowsOf(query.data);
  const rows = loaded.filter((session) => inGroup(session, group as Group));
  const selection = useSelection(rows);
  const counts = (g: Group) => loaded.filter((session) => inGroup(session, g)).length;
  const whole = query.data?.pages[0]?.total;
  const count = group === 'all' && typeof whole === 'number' && query.hasNextPage ? tn('sessions.count', whole) : tn('sessions.count', rows.length);

  return (
    <Page wide={all} title={t(all ? 'sessions.allTitle' : 'sessions.title')} lead={t(all ? 'sessions.allLead' : 'sessions.lead')}
      action={!all && <Button component={Link} to="/catalogue" leftSection={<IconPlus size={18} />}>{t('sessions.new')}</Button>}>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('sessions.search')} {...(query.isSuccess ? { count } : {})}
        chips={<FilterChips label={t('sessions.filter')} value={group as Group} onChange={setGroup}
          options={groups.map((g) => ({ value: g, label: t(`sessions.group.${g}`), count: query.isSuccess && g !== 'all' ? counts(g) : undefined }))} />}
        sort={{ value: sort, onChange: setSort, options: Object.entries(sorts).map(([value, key]) => ({ value, label: t(key) })) }}
        view={{ value: view as ListView, onChange: setView }} />
      {query.isPending ? (
        view === 'table' ? <RowsSkeleton rows={8} /> : <CardsSkeleton cards={6} height={270} />
      ) : query.isError && loaded.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing all={all} filtered={text !== '' || group !== 'all' || owner !== ''} onClear={() => { setSearch(''); setGroup('all'); }} />
      ) : view === 'table' ? (
        <SessionTable sessions={rows} showOwner={all} selection={selection} />
      ) : (
        <SessionGrid sessions={rows} showOwner={all} selection={selection} />
      )}
      {query.hasNextPage && (
        <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>
      )}
      <SelectionBar selection={selection} />
    </Page>
  );
}

function Nothing({ all, filtered, onClear }: { all: boolean; filtered: boolean; onClear: () => void }) {
  if (filtered)
    return <EmptyView icon={<IconSearch size={28} stroke={1.5} />} title={t('list.noMatch')} help={t('list.noMatchHelp')} action={<Button variant="default" onClick={onClear}>{t('action.clearFilters')}</Button>} />;
  return (
    <EmptyView icon={<IconDeviceDesktop size={28} stroke={1.5} />} title={t(all ? 'sessions.emptyAll' : 'sessions.empty')} help={t(all ? 'sessions.emptyAllHelp' : 'sessions.emptyHelp')}
      action={!all && <Button component={Link} to="/catalogue">{t('home.browse')}</Button>} />
  );
}
