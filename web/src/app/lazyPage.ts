import { lazy, type ComponentType } from 'react';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A chunk that did not come (a changed network, a server that restarts) is asked for again before the page gives up. */
export async function patiently<T>(load: () => Promise<T>, waits: readonly number[] = [200, 600, 1500]): Promise<T> {
  for (const wait of waits) {
    try {
      return await load();
    } catch {
      await pause(wait);
    }
  }
  return load();
}

export const lazyPage = <P extends object>(load: () => Promise<ComponentType<P>>) =>
  lazy(async () => ({ default: await patiently(load) }));
