import { useState } from 'react';
import type { Session } from '@/api/types';

export interface Selection {
  chosen: Session[];
  has: (id: string) => boolean;
  set: (id: string, on: boolean) => void;
  setAll: (on: boolean) => void;
  clear: () => void;
  all: boolean;
  some: boolean;
}

/** Which rows are ticked; a row that left the list is not chosen any more. */
export function useSelection(rows: Session[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = rows.filter((row) => ids.has(row.id));
  return {
    chosen,
    has: (id) => ids.has(id),
    set: (id, on) =>
      setIds((old) => {
        const next = new Set(old);
        if (on) next.add(id);
        else next.delete(id);
        return next;
      }),
    setAll: (on) => setIds(new Set(on ? rows.map((row) => row.id) : [])),
    clear: () => setIds(new Set()),
    all: rows.length > 0 && chosen.length === rows.length,
    some: chosen.length > 0,
  };
}
