import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { DlpPolicy, DlpViolation } from '@/api/types';
import { t } from '@/i18n';
import { nameOf } from '@/model/people';
import { useAttempt } from '@/model/useAttempt';
import { confirm } from '@/ui/confirm';

export interface ViolationFilters {
  status?: string;
  user?: string;
}

export const dlpKeys = { all: ['dlp'] as const, policies: ['dlp', 'policies'] as const };

export const policiesQuery = queryOptions({
  queryKey: dlpKeys.policies,
  queryFn: ({ signal }) => ok(api.GET('/api/v1/dlp/policies', { params: { query: { limit: 200 } }, signal })),
});

export const violationsQuery = (filters: ViolationFilters) =>
  infiniteQueryOptions({
    queryKey: ['dlp', 'violations', filters],
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/dlp/violations', { params: { query: { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    staleTime: 0,
  });

export const statisticsQuery = queryOptions({
  queryKey: ['dlp', 'stats'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/dlp/stats', { params: { query: { days: 30 } }, signal })),
  staleTime: 0,
});

/** Names to choose from; who may change policies may see people too. */
export const peopleQuery = queryOptions({
  queryKey: ['dlp', 'people'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/users', { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items.map((user) => ({ value: user.id, label: nameOf(user) })),
});

export const templatesQuery = queryOptions({
  queryKey: ['dlp', 'templates'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/templates', { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items.map((template) => ({ value: template.name, label: template.display_name })),
});

/** Everything that is done to a policy without opening it. */
export function usePolicyActions() {
  const attempt = useAttempt(dlpKeys.all);
  return {
    turn: ({ id, name }: DlpPolicy, enabled: boolean) =>
      attempt(() => ok(api.PATCH('/api/v1/dlp/policies/{id}', { params: { path: { id } }, body: { enabled } })), t(enabled ? 'dlp.turnedOn' : 'dlp.turnedOff', { name })),
    remove: async ({ id, name }: DlpPolicy) => {
      if (!(await confirm({ title: t('dlp.deleteTitle', { name }), body: t('dlp.deleteBody'), action: t('dlp.delete'), danger: true }))) return false;
      await attempt(() => ok(api.DELETE('/api/v1/dlp/policies/{id}', { params: { path: { id } } })), t('dlp.deleted', { name }));
      return true;
    },
  };
}

export const closeViolation = (violation: DlpViolation, status: 'reviewed' | 'resolved' | 'false_positive', resolution: string) =>
  ok(api.PATCH('/api/v1/dlp/violations/{id}/resolve', { params: { path: { id: violation.id } }, body: { status, ...(resolution.trim() && { resolution: resolution.trim() }) } }));
