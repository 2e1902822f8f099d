import { useCallback, useEffect, useState } from 'react';
import type { RecordingSegment } from '@/api/types';
import { Player, type PlayerState } from '@/stream/Player';
import { stretchesOf } from '@/stream/timeline';
import { loadSegment } from './recordings.queries';

/** Binds one player to one element for one recording. */
export function usePlayer(id: string, segments: RecordingSegment[]) {
  const [player, setPlayer] = useState<Player | null>(null);
  const [state, setState] = useState<PlayerState>({ ms: 0, playing: false, waiting: true, error: null });

  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      if (!element) return;
      const made = new Player({ target: element, load: (number) => loadSegment(id, number), onState: setState });
      setPlayer(made);
      return () => {
        made.dispose();
        setPlayer(null);
      };
    },
    [id],
  );

  useEffect(() => player?.setStretches(stretchesOf(segments)), [player, segments]);
  return { attach, player, state };
}
