import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n';
import { teamQuery, teamsQuery } from '@/model/teams';

/** Chooses teams, however many there are: the server searches. What is chosen keeps its name. */
export function TeamsField({ value, onChange, error }: { value: string[]; onChange: (teams: string[]) => void; error?: string | undefined }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const found = useInfiniteQuery({ ...teamsQuery(search), placeholderData: (old) => old });
  const chosen = useQueries({ queries: value.map((id) => teamQuery(id)) });
  const offered = found.data?.pages[0]?.items ?? [];
  const names = new Map([...offered, ...chosen.flatMap(({ data }) => data ?? [])].map((team) => [team.id, team.name]));
  return (
    <MultiSelect label={t('teams.field')} description={t('teams.fieldHelp')} searchable searchValue={typed} onSearchChange={setTyped} value={value} onChange={onChange} error={error}
      nothingFoundMessage={found.isFetching ? undefined : t('teams.noTeam')} filter={({ options }) => options}
      data={[...new Set([...offered.map((team) => team.id), ...value])].map((id) => ({ value: id, label: names.get(id) ?? id }))} />
  );
}
