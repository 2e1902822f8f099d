import type { LiveEvent } from '@/api/live';

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();

/** For views that react to a fact beyond what the caches show (a warning, a toast, the viewer's overlay). */
export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const publishLiveEvent: Listener = (event) => listeners.forEach((listener) => listener(event));

const reopened = new Set<() => void>();

/** The server answers again after a break: whoever waits for it need not wait longer. */
export function onServerBack(listener: () => void): () => void {
  reopened.add(listener);
  return () => reopened.delete(listener);
}

export const publishServerBack = (): void => reopened.forEach((listener) => listener());
