import type { RecordingStore } from '@/api/types';

export interface StoreRow {
  name: 'system.store.kept' | 'system.store.inStore' | 'system.store.waiting' | 'system.store.elsewhere' | 'system.store.removals';
  count: number;
  bytes?: number;
}

/** What is worth a line: always what is kept; of a bucket also what waits for it; of the rest only what there is. */
export function storeRows(store: RecordingStore): StoreRow[] {
  const rows: StoreRow[] = [{ name: 'system.store.kept', count: store.segments, bytes: store.bytes }];
  if (store.store === 's3' || store.in_store > 0) rows.push({ name: 'system.store.inStore', count: store.in_store });
  if (store.store === 's3') rows.push({ name: 'system.store.waiting', count: store.waiting_segments, bytes: store.waiting_bytes });
  if (store.waiting_elsewhere > 0) rows.push({ name: 'system.store.elsewhere', count: store.waiting_elsewhere });
  if (store.waiting_removals > 0) rows.push({ name: 'system.store.removals', count: store.waiting_removals });
  return rows;
}
