import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { authorizedFetch } from '@/api/http';
import type { Session } from '@/api/types';

// The server looks at a display at most every 30 s, so asking more often brings nothing new.
const fresh = 30_000;

async function fetchThumbnail(id: string, signal: AbortSignal): Promise<Blob | null> {
  const answer = await authorizedFetch(new Request(new URL(`/api/v1/sessions/${encodeURIComponent(id)}/thumbnail`, location.origin), { signal }));
  return answer.status === 200 ? answer.blob() : null;
}

/** The server's small picture of a session as an address for an image; renewed while it runs and somebody sees the card. */
export function useThumbnail(session: Session, inSight: boolean): string | null {
  const running = session.phase === 'running';
  const picture = useQuery({
    queryKey: ['thumbnails', session.id, running],
    queryFn: ({ signal }) => fetchThumbnail(session.id, signal),
    enabled: inSight && session.permissions.view,
    staleTime: fresh,
    // A picture is no state that an event could bring: it is taken when somebody looks.
    refetchInterval: running && inSight ? fresh : false,
    retry: false,
  }).data;
  const url = useMemo(() => (picture ? URL.createObjectURL(picture) : null), [picture]);
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );
  return url;
}
