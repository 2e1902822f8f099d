import { useSyncExternalStore } from 'react';

interface Clock {
  subscribe: (changed: () => void) => () => void;
  read: () => number;
}

const clocks = new Map<number, Clock>();

function makeClock(every: number): Clock {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = () => {
    now = Date.now();
    listeners.forEach((listener) => listener());
  };
  return {
    read: () => now,
    subscribe: (changed) => {
      listeners.add(changed);
      if (!timer) {
        now = Date.now();
        timer = setInterval(tick, every);
      }
      return () => {
        listeners.delete(changed);
        if (listeners.size > 0 || !timer) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

/** The functions must stay the same from render to render: a new one would subscribe, and so draw, for ever. */
function clockOf(every: number): Clock {
  const known = clocks.get(every);
  if (known) return known;
  const made = makeClock(every);
  clocks.set(every, made);
  return made;
}

/** The time, moving on by itself; all who ask for the same step share one timer. */
export function useNow(every = 30_000): number {
  const clock = clockOf(every);
  return useSyncExternalStore(clock.subscribe, clock.read);
}
