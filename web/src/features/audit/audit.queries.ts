import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';

export interface AuditFilters {
  text?: string;
  action?: string;
  result?: string;
  actor?: string;
  from?: string;
  to?: string;
}

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/audit', { params: { query: { ...filters, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    staleTime: 0,
  });

/** Which actions there are, the most frequent first. */
export const actionsQuery = queryOptions({
  queryKey: ['audit-actions'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/audit/stats', { signal })),
  select: (stats) => stats.by_action.map((row) => row.name),
});

/** The same filters as the list, as a file. */
export function exportAddress(format: 'csv' | 'json', filters: AuditFilters): string {
  return `/api/v1/audit/export?${new URLSearchParams({ format, ...filters }).toString()}`;
}

/** From the first moment of the first day to the last of the last, in the time of this browser. */
export function dayRange([from, to]: [string | null, string | null]): Pick<AuditFilters, 'from' | 'to'> {
  const edge = (day: string, time: string): string => new Date(`${day.slice(0, 10)}T${time}`).toISOString();
  return { ...(from && { from: edge(from, '00:00:00') }), ...(to && { to: edge(to, '23:59:59.999') }) };
}
