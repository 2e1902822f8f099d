import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { refreshLogin } from '@/api/http';
import { LiveSocket, type LiveState } from '@/api/live';
import { publishLiveEvent, publishServerBack } from '@/model/live';
import { effectsOf } from '@/model/liveReducer';
import { applyEffects, sessionKeys } from '@/model/sessions';

const LiveContext = createContext<LiveState>('connecting');

export const useLiveState = (): LiveState => use(LiveContext);

const address = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/ws/sessions`;

/** One realtime socket per page; what it says goes into the caches and to those who listen. */
export function LiveBridge({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');

  useEffect(() => {
    const live = new LiveSocket({
      url: address(),
      renewLogin: refreshLogin,
      onState: setState,
      onGap: () => {
        void queries.invalidateQueries({ queryKey: sessionKeys.all });
        publishServerBack();
      },
      onEvent: (event) => {
        // Too much was missed to be told one by one.
        if (event.type === 'resync') void queries.invalidateQueries({ queryKey: sessionKeys.all });
        applyEffects(queries, effectsOf(event));
        publishLiveEvent(event);
      },
    });
    const nudge = () => live.nudge();
    const seen = () => document.visibilityState === 'visible' && live.nudge();
    live.start();
    window.addEventListener('online', nudge);
    document.addEventListener('visibilitychange', seen);
    return () => {
      window.removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', seen);
      live.stop();
    };
  }, [queries]);

  return <LiveContext value={state}>{children}</LiveContext>;
}
