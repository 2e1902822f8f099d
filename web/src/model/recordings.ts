import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ok } from '@/api/http';
import type { RecordingRow } from '@/api/types';
import { onLiveEvent, onServerBack } from './live';
import { may, useMe } from './me';

export const recordingKeys = {
  all: ['recordings'] as const,
  ofSession: (id: string) => ['recordings', 'session', id] as const,
};

/** The recording of a session that goes on now; null when it is not recorded. */
const currentQuery = (session: string) =>
  queryOptions({
    queryKey: recordingKeys.ofSession(session),
    queryFn: async ({ signal }): Promise<RecordingRow | null> =>
      (await ok(api.GET('/api/v1/recordings', { params: { query: { session, state: 'recording', limit: 1 } }, signal }))).items[0] ?? null,
  });

/** Whether a session is being recorded, kept right by the realtime socket, and the two actions. */
export function useRecordingOf(session: string) {
  const me = useMe();
  const queries = useQueryClient();
  const current = useQuery({ ...currentQuery(session), enabled: may(me, 'recordings.view') });
  useEffect(() => {
    const again = () => void queries.invalidateQueries({ queryKey: recordingKeys.all });
    const stopListening = onLiveEvent((event) => event.sessionId === session && event.type.startsWith('session.recording.') && again());
    const stopWaiting = onServerBack(again);
    return () => {
      stopListening();
      stopWaiting();
    };
  }, [queries, session]);
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: recordingKeys.all }) };
  const params = { params: { path: { session } } };
  const start = useMutation({ mutationFn: () => ok(api.POST('/api/v1/sessions/{session}/recordings/start', { ...params, body: {} })), ...settled });
  const stop = useMutation({ mutationFn: () => ok(api.POST('/api/v1/sessions/{session}/recordings/stop', params)), ...settled });
  return { recording: current.data ?? null, mayRecord: may(me, 'recordings.record'), start, stop };
}
