import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';

export const teamKeys = { all: ['teams'] as const };

export const teamsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...teamKeys.all, 'list', search],
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/teams', { params: { query: { limit: 50, ...(search && { search }), ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

export const teamQuery = (id: string) =>
  queryOptions({ queryKey: [...teamKeys.all, 'one', id], queryFn: ({ signal }) => ok(api.GET('/api/v1/teams/{team}', { params: { path: { team: id } }, signal })) });

export const teamsOfQuery = (member: string) =>
  queryOptions({
    queryKey: [...teamKeys.all, 'of', member],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/teams', { params: { query: { member, limit: 200 } }, signal })),
    select: (page) => page.items,
  });

export const myTeamsQuery = queryOptions({
  queryKey: [...teamKeys.all, 'mine'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/teams/my-teams', { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});
