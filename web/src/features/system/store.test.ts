import { describe, expect, it } from 'vitest';
import type { RecordingStore } from '@/api/types';
import { storeRows } from './store';

const local: RecordingStore = {
  store: 'local', endpoint: null, bucket: null, prefix: '', segments: 3, bytes: 300, in_store: 0, waiting_segments: 0, waiting_bytes: 0, waiting_elsewhere: 0,
  oldest_waiting: null, waiting_removals: 0, away: false, last_error: null, last_error_at: null,
};
const names = (store: RecordingStore) => storeRows(store).map((row) => row.name.replace('system.store.', ''));

describe('storeRows', () => {
  it('tells only what is kept when recordings stay on the disk', () => {
    expect(names(local)).toEqual(['kept']);
  });

  it('tells what is still in a bucket that is not used any more', () => {
    expect(names({ ...local, in_store: 2, waiting_removals: 1 })).toEqual(['kept', 'inStore', 'removals']);
  });

  it('tells what waits for a bucket, also when that is nothing', () => {
    expect(names({ ...local, store: 's3' })).toEqual(['kept', 'inStore', 'waiting']);
    expect(storeRows({ ...local, store: 's3', waiting_segments: 2, waiting_bytes: 50, waiting_elsewhere: 1 }).slice(2)).toEqual([
      { name: 'system.store.waiting', count: 2, bytes: 50 },
      { name: 'system.store.elsewhere', count: 1 },
    ]);
  });
});
