import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onLiveEvent, onServerBack } from '@/model/live';
import { recordingKeys } from '@/model/recordings';

/** What is watched while it is recorded grows: the realtime socket says so, and what was known before a break is asked for again. */
export function useGrowth(id: string, live: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!live) return;
    const again = () => {
      void queries.invalidateQueries({ queryKey: [...recordingKeys.all, 'segments', id] });
      void queries.invalidateQueries({ queryKey: [...recordingKeys.all, 'one', id] });
    };
    const stopListening = onLiveEvent((event) => event.type === 'recording.grew' && event.data.recording === id && again());
    const stopWaiting = onServerBack(again);
    return () => {
      stopListening();
      stopWaiting();
    };
  }, [queries, id, live]);
}
