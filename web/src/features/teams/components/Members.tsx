import { ActionIcon, Avatar, Button, Select, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconUserMinus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Team, TeamMember } from '@/api/types';
import { t, tOr } from '@/i18n';
import { nameOf } from '@/model/people';
import { ErrorView } from '@/ui/views';
import { candidatesQuery, membersQuery, useTeamActions } from '../teams.queries';
import css from './Members.module.css';

/** Who is in a team; who may change that adds and takes out. */
export function Members({ team, mayManage }: { team: Team; mayManage: boolean }) {
  const query = useInfiniteQuery(membersQuery(team.id));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">{t('teams.people')}</Title>
      {mayManage && <Add team={team} />}
      {query.isPending ? (
        <Skeleton height={80} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView compact error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Text c="dimmed" size="sm">{t('teams.nobody')}</Text>
      ) : (
        <ul className={css.people} aria-label={t('teams.people')}>
          {rows.map((person) => <Row key={person.id} team={team} person={person} mayManage={mayManage} />)}
        </ul>
      )}
      {query.hasNextPage && <Button variant="default" w="fit-content" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
    </Stack>
  );
}

function Row({ team, person, mayManage }: { team: Team; person: TeamMember; mayManage: boolean }) {
  const actions = useTeamActions(team);
  const [leaving, setLeaving] = useState(false);
  const name = nameOf(person);
  const take = () => {
    setLeaving(true);
    void actions.take(person.id, name).finally(() => setLeaving(false));
  };
  return (
    <li className={css.person}>
      <Avatar name={name} color="accent" size={32} radius={99} aria-hidden />
      <div className={css.name}>
        <Text fw={600} className="ellipsis" title={name}>{name}</Text>
        <Text size="xs" c="dimmed" className="ellipsis">{person.username}{person.state !== 'active' && ` · ${tOr(`users.state.${person.state}`, person.state)}`}</Text>
      </div>
      {mayManage && (
        <Tooltip label={t('teams.remove', { name })}>
          <ActionIcon color="red" size={36} aria-label={t('teams.remove', { name })} loading={leaving} onClick={take}>
            <IconUserMinus size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

function Add({ team }: { team: Team }) {
  const actions = useTeamActions(team);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({ ...candidatesQuery(search), placeholderData: (old) => old });
  const people = found.data ?? [];
  const choose = (id: string | null) => {
    const person = people.find((p) => p.id === id);
    if (person) void actions.add(person.id, nameOf(person));
    setTyped('');
  };
  return (
    <Select label={t('teams.add')} description={t('teams.addHelp')} placeholder={t('users.search')} searchable value={null} searchValue={typed} onSearchChange={setTyped} onChange={choose}
      nothingFoundMessage={found.isFetching ? undefined : t('teams.noPerson')} filter={({ options }) => options}
      data={people.map((person) => ({ value: person.id, label: person.display_name && person.display_name !== person.username ? `${person.display_name} (${person.username})` : person.username }))} />
  );
}
