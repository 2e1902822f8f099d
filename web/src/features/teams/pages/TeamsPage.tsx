import { Button, Table } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { t, tn } from '@/i18n';
import { may, useMe } from '@/model/me';
import { teamsQuery } from '@/model/teams';
import { TimeAgo } from '@/parts/TimeAgo';
import { DenseTable } from '@/ui/DenseTable';
import { Dialog } from '@/ui/Dialog';
import { ListToolbar } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { TeamDrawer } from '../components/TeamDrawer';
import { TeamForm } from '../components/TeamForm';
import css from '@/ui/NameCell.module.css';

/** People that policies name together. */
export function TeamsPage() {
  const me = useMe();
  const { id } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useParam('q');
  const [text] = useDebouncedValue(search.trim(), 200);
  const [creating, creation] = useDisclosure();
  const query = useInfiniteQuery({ ...teamsQuery(text), placeholderData: (old) => old });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const mayManage = may(me, 'teams.manage');
  const create = mayManage && <Button leftSection={<IconPlus size={18} />} onClick={creation.open}>{t('teams.new')}</Button>;

  return (
    <Page wide title={t('teams.title')} lead={t('teams.lead')} action={create}>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('teams.search')}
        {...(query.isSuccess ? { count: tn('teams.count', Number(query.data.pages[0]?.total ?? rows.length)) } : {})} />
      {query.isPending ? (
        <RowsSkeleton rows={6} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconUsersGroup size={28} stroke={1.5} />} title={text ? t('list.noMatch') : t('teams.empty')} help={t(text ? 'list.noMatchHelp' : 'teams.emptyHelp')}
          action={text ? <Button variant="default" onClick={() => setSearch('')}>{t('action.clearFilters')}</Button> : create} />
      ) : (
        <DenseTable minWidth={640} label={t('teams.title')}>
          <Table.Thead>
            <Table.Tr>
              {(['name', 'description', 'members', 'changed'] as const).map((name) => <Table.Th key={name} ta={name === 'members' ? 'right' : 'left'}>{t(`teams.col.${name}`)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((team) => (
              <Table.Tr key={team.id}>
                <Table.Td className={css.name}><Link to={{ pathname: `/admin/teams/${team.id}`, search: location.search }}>{team.name}</Link></Table.Td>
                <Table.Td className={css.name} title={team.description}>{team.description}</Table.Td>
                <Table.Td ta="right" className="tnum">{team.members}</Table.Td>
                <Table.Td><TimeAgo time={team.updated_at} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </DenseTable>
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      <TeamDrawer id={id ?? null} mayManage={mayManage} onClose={() => void navigate({ pathname: '/admin/teams', search: location.search })} />
      <Dialog opened={creating} onClose={creation.close} title={t('teams.new')}>
        {creating && <TeamForm team={null} onCancel={creation.close} onDone={(team) => { creation.close(); void navigate({ pathname: `/admin/teams/${team.id}`, search: location.search }); }} />}
      </Dialog>
    </Page>
  );
}
