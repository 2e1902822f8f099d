import { Button, Table } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { t, tn, tOr } from '@/i18n';
import { may, useMe } from '@/model/me';
import { nameOf } from '@/model/people';
import { TimeAgo } from '@/parts/TimeAgo';
import { DenseTable } from '@/ui/DenseTable';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { AccountState } from '../components/AccountState';
import { NewUser } from '../components/NewUser';
import { TemporaryPassword, type Secret } from '../components/TemporaryPassword';
import { UserDrawer } from '../components/UserDrawer';
import { usersQuery } from '../users.queries';
import css from '@/ui/NameCell.module.css';

const states = ['all', 'active', 'locked', 'invited'] as const;
const sorts = ['username', '-created_at'] as const;

export function UsersPage() {
  const me = useMe();
  const { id } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useParam('q');
  const [state, setState] = useParam('state', 'all');
  const [sort, setSort] = useParam('sort', 'username');
  const [text] = useDebouncedValue(search.trim(), 200);
  const [creating, creation] = useDisclosure();
  const [secret, setSecret] = useState<Secret | null>(null);
  const query = useInfiniteQuery({ ...usersQuery({ sort, ...(text && { search: text }), ...(state !== 'all' && { state }) }), placeholderData: (old) => old });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const mayManage = may(me, 'users.manage');

  return (
    <Page wide title={t('users.title')} lead={t('users.lead')} action={mayManage && <Button leftSection={<IconPlus size={18} />} onClick={creation.open}>{t('users.new')}</Button>}>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('users.search')}
        {...(query.isSuccess ? { count: tn('users.count', Number(query.data.pages[0]?.total ?? rows.length)) } : {})}
        chips={<FilterChips label={t('users.filter')} value={state as (typeof states)[number]} onChange={setState} options={states.map((value) => ({ value, label: t(`users.state.${value}`) }))} />}
        sort={{ value: sort, onChange: setSort, options: sorts.map((value) => ({ value, label: t(`users.sort.${value}`) })) }} />
      {query.isPending ? (
        <RowsSkeleton rows={8} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconUsers size={28} stroke={1.5} />} title={text || state !== 'all' ? t('list.noMatch') : t('users.empty')}
          {...(text || state !== 'all' ? { help: t('list.noMatchHelp') } : {})}
          action={(text !== '' || state !== 'all') && <Button variant="default" onClick={() => { setSearch(''); setState('all'); }}>{t('action.clearFilters')}</Button>} />
      ) : (
        <DenseTable minWidth={760} label={t('users.title')}>
          <Table.Thead>
            <Table.Tr>
              {(['name', 'username', 'roles', 'state', 'lastLogin', 'created'] as const).map((name) => <Table.Th key={name}>{t(`users.col.${name}`)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td className={css.name}><Link to={{ pathname: `/admin/users/${user.id}`, search: location.search }}>{nameOf(user)}</Link></Table.Td>
                <Table.Td className={css.name}>{user.username}</Table.Td>
                <Table.Td>{user.roles.map((role) => tOr(`role.${role}`, role)).join(', ')}</Table.Td>
                <Table.Td><AccountState state={user.state} /></Table.Td>
                <Table.Td><TimeAgo time={user.last_login_at} /></Table.Td>
                <Table.Td><TimeAgo time={user.created_at} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </DenseTable>
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
      <UserDrawer id={id ?? null} onClose={() => void navigate({ pathname: '/admin/users', search: location.search })} onSecret={setSecret} />
      <NewUser opened={creating} onClose={creation.close} onSecret={setSecret} />
      <TemporaryPassword secret={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}
