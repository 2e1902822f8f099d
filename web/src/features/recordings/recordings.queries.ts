import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok, raw } from '@/api/http';
import type { RecordingAccess, RecordingExport, RecordingSegment } from '@/api/types';
import { recordingKeys } from '@/model/recordings';

export interface RecordingFilters {
  text?: string;
  state?: 'recording' | 'ended' | 'deleted';
  owner?: string;
}

export const recordingsQuery = (filters: RecordingFilters) =>
  infiniteQueryOptions({
    queryKey: [...recordingKeys.all, 'list', filters],
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/recordings', { params: { query: { ...filters, limit: 60, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    staleTime: 0,
  });

export const recordingQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordingKeys.all, 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/recordings/{recording}', { params: { path: { recording: id } }, signal })),
    staleTime: 0,
  });

/** All segments, page by page. What is closed does not change any more, so only what comes after it is asked for again. */
export const segmentsQuery = (id: string, reason?: string) =>
  queryOptions({
    queryKey: [...recordingKeys.all, 'segments', id, reason],
    queryFn: async ({ signal, client, queryKey }): Promise<RecordingSegment[]> => {
      const known = client.getQueryData<RecordingSegment[]>(queryKey) ?? [];
      const open = known.findIndex((segment) => segment.digest === null);
      const closed = open < 0 ? known : known.slice(0, open);
      const rows = [...closed];
      let from: { after?: number; cursor?: string } = closed.length > 0 ? { after: closed[closed.length - 1]?.number ?? 0 } : {};
      for (;;) {
        const query = { ...from, limit: 200, ...(reason ? { reason } : {}) };
        const page = await ok(api.GET('/api/v1/recordings/{recording}/segments', { params: { path: { recording: id }, query }, signal }));
        rows.push(...page.items);
        if (!page.next_cursor) return rows;
        from = { cursor: page.next_cursor };
      }
    },
    retry: false,
    staleTime: 0,
  });

export const exportKey = (id: string) => [...recordingKeys.all, 'export', id] as const;

/** Null when nobody asked for a film. */
export const exportQuery = (id: string) =>
  queryOptions({
    queryKey: exportKey(id),
    queryFn: async ({ signal }): Promise<RecordingExport | null> =>
      (await ok(api.GET('/api/v1/recordings/{recording}/export', { params: { path: { recording: id } }, signal }))) ?? null,
    staleTime: 0,
  });

export const exportAddress = (id: string): string => `/api/v1/recordings/${id}/export/file`;

export const accessKey = ['recording-access'] as const;

/** The caller's latest request to look; null when they never asked. */
export const myAccessQuery = (recording: string) =>
  queryOptions({
    queryKey: [...accessKey, 'mine', recording],
    queryFn: async ({ signal }): Promise<RecordingAccess | null> =>
      (await ok(api.GET('/api/v1/recording-access-requests', { params: { query: { recording, mine: true, limit: 1 } }, signal }))).items[0] ?? null,
    staleTime: 0,
  });

export const accessQuery = infiniteQueryOptions({
  queryKey: [...accessKey, 'all'],
  queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/recording-access-requests', { params: { query: { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor || undefined,
  staleTime: 0,
});

export const policiesQuery = queryOptions({
  queryKey: ['recording-policies'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/recording-policies', { signal })),
  select: (page) => page.items,
});

export const logQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordingKeys.all, 'log', id],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/recordings/{recording}/access-log', { params: { path: { recording: id } }, signal })),
    select: (page) => page.items,
    staleTime: 0,
  });

export const segmentAddress = (id: string, number: number, purpose: 'play' | 'download'): string => `/api/v1/recordings/${id}/segments/${number}?purpose=${purpose}`;

export const loadSegment = async (id: string, number: number): Promise<ArrayBuffer> => (await raw(segmentAddress(id, number, 'play'))).arrayBuffer();
