import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Me } from '@/api/types';

/** Who is signed in and what they may do. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/auth/me', { signal })),
  retry: (failures, error) => failures < 1 && 'status' in error && error.status === 0,
  staleTime: 5 * 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/auth/setup', { signal })),
  staleTime: 0,
});

/** Inside the signed-in part of the app there always is somebody. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error('useMe outside of the signed-in part');
  return data;
}

export const may = (me: Me, permission: string): boolean => me.permissions.includes(permission);

/** The names of permissions that decide what the navigation shows. */
export const permissions = {
  users: 'users.view',
  teams: 'teams.view',
  audit: 'audit.view',
  protection: 'dlp.view',
  approvals: 'approvals.decide',
  allSessions: 'sessions.view_all',
  system: 'system.view',
  probe: 'viewers.probe',
  allRecordings: 'recordings.view_all',
} as const;
