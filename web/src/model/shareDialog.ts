import { useSyncExternalStore } from 'react';
import type { Session } from '@/api/types';

let open: Session | null = null;
const listeners = new Set<() => void>();

/** Opens the dialog from wherever a session is shown; null closes it. */
export function openShareDialog(session: Session | null): void {
  open = session;
  listeners.forEach((listener) => listener());
}

export const useShareDialog = (): Session | null =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => open,
  );
