import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Session, SessionPage } from '@/api/types';
import type { Effect } from './liveReducer';

export interface SessionFilters {
  text?: string;
  phase?: string;
  owner?: string;
  template?: string;
  tag?: string;
  sort?: string;
  /** Everybody's, for those who may; else the caller's own. */
  all?: boolean;
  /** Other people's, shared with the caller. */
  shared?: boolean;
}

export const sessionKeys = {
  all: ['sessions'] as const,
  lists: ['sessions', 'list'] as const,
  list: (filters: SessionFilters) => ['sessions', 'list', filters] as const,
  detail: (id: string) => ['sessions', 'detail', id] as const,
  part: (id: string, part: 'viewers' | 'activity' | 'timeline' | 'idle' | 'usage' | 'processes' | 'files' | 'shares') => ['sessions', 'detail', id, part] as const,
};

const pageSize = 60;

export const sessionsQuery = (filters: SessionFilters) =>
  infiniteQueryOptions({
    queryKey: sessionKeys.list(filters),
    queryFn: ({ pageParam, signal }) => {
      const { all: _all, shared, ...query } = filters;
      const asked = { params: { query: { ...query, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } }, signal };
      return shared ? ok(api.GET('/api/v1/shared-sessions', asked)) : ok(api.GET('/api/v1/sessions', asked));
    },
    initialPageParam: '',
    getNextPageParam: (last: SessionPage) => last.next_cursor || undefined,
  });

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: sessionKeys.detail(id),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{id}', { params: { path: { id } }, signal })),
  });

export const viewersQuery = (id: string) =>
  queryOptions({
    queryKey: sessionKeys.part(id, 'viewers'),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{session}/viewers', { params: { path: { session: id } }, signal })),
    select: (page) => page.items,
  });

export const idleQuery = (id: string) =>
  queryOptions({
    queryKey: sessionKeys.part(id, 'idle'),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{id}/idle', { params: { path: { id } }, signal })),
  });

export const rowsOf = (data: InfiniteData<SessionPage> | undefined): Session[] => data?.pages.flatMap((page) => page.items) ?? [];

type Lists = InfiniteData<SessionPage> | undefined;

function mapLists(queries: QueryClient, change: (rows: Session[]) => Session[]): void {
  queries.setQueriesData<Lists>({ queryKey: sessionKeys.lists }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) },
  );
}

/** Puts a session (a server's answer) everywhere it is shown. */
export function putSession(queries: QueryClient, session: Session): void {
  queries.setQueryData(sessionKeys.detail(session.id), session);
  mapLists(queries, (rows) => rows.map((row) => (row.id === session.id ? session : row)));
}

export function patchSession(queries: QueryClient, id: string, patch: Partial<Session>): void {
  queries.setQueryData<Session>(sessionKeys.detail(id), (old) => old && { ...old, ...patch });
  mapLists(queries, (rows) => rows.map((row) => (row.id === id ? { ...row, ...patch } : row)));
}

/** Carries out what the events decided. Lists are asked again only when a row must appear. */
export function applyEffects(queries: QueryClient, effects: Effect[]): void {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'patch':
        patchSession(queries, effect.id, effect.patch);
        if (effect.patch.phase) refreshParts(queries, effect.id, ['idle', 'timeline', 'activity']);
        break;
      case 'viewers':
        if (effect.count !== null) patchSession(queries, effect.id, { viewers: effect.count });
        refreshParts(queries, effect.id, ['viewers', 'timeline', 'activity']);
        break;
      case 'idle':
        refreshParts(queries, effect.id, ['idle']);
        break;
      case 'arrived':
        void queries.invalidateQueries({ queryKey: sessionKeys.lists });
        break;
      case 'gone':
        void queries.invalidateQueries({ queryKey: sessionKeys.lists });
        break;
      case 'rights':
        // What one may do stands in the session itself; whom else it is shared with beside it.
        void queries.invalidateQueries({ queryKey: sessionKeys.detail(effect.id), exact: true });
        refreshParts(queries, effect.id, ['shares', 'activity']);
        break;
    }
  }
}

type Part = Parameters<typeof sessionKeys.part>[1];

function refreshParts(queries: QueryClient, id: string, parts: Part[]): void {
  for (const part of parts) void queries.invalidateQueries({ queryKey: sessionKeys.part(id, part) });
}
