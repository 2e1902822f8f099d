import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Team } from '@/api/types';
import { t } from '@/i18n';
import { teamKeys } from '@/model/teams';
import { useAttempt } from '@/model/useAttempt';
import { confirm } from '@/ui/confirm';

export const membersQuery = (team: string) =>
  infiniteQueryOptions({
    queryKey: [...teamKeys.all, 'members', team],
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/teams/{team}/members', { params: { path: { team }, query: { limit: 100, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

/** People to choose from; the server searches. */
export const candidatesQuery = (search: string) =>
  queryOptions({
    queryKey: ['users', 'candidates', search],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/users', { params: { query: { limit: 20, ...(search && { search }) } }, signal })),
    select: (page) => page.items,
  });

/** What is done to a team and to who is in it. */
export function useTeamActions(team: Team) {
  const attempt = useAttempt(teamKeys.all);
  const path = (user: string) => ({ params: { path: { team: team.id, user } } });
  return {
    add: (user: string, name: string) => attempt(() => ok(api.PUT('/api/v1/teams/{team}/members/{user}', path(user))), t('teams.added', { name, team: team.name })),
    take: (user: string, name: string) => attempt(() => ok(api.DELETE('/api/v1/teams/{team}/members/{user}', path(user))), t('teams.removed', { name, team: team.name })),
    remove: async () => {
      const { name } = team;
      if (!(await confirm({ title: t('teams.deleteTitle', { name }), body: t('teams.deleteBody'), action: t('teams.delete'), danger: true }))) return false;
      return attempt(() => ok(api.DELETE('/api/v1/teams/{team}', { params: { path: { team: team.id } } })), t('teams.deleted', { name }));
    },
  };
}
