import { describe, expect, it } from 'vitest';
import { clockOf, heatOf, lengthOf, markersOf, stretchAt, stretchesOf } from './timeline';

const segments = [
  { number: 1, duration_ms: 4000, digest: 'a', activity: [9000, 0, 50, 0], events: [{ at: 500, type: 'input' }] },
  { number: 2, duration_ms: 2000, digest: null, activity: [9000, 0], events: [{ at: 100, type: 'viewer.came' }] },
];

describe('timeline', () => {
  it('lays segments one behind the other', () => {
    const stretches = stretchesOf(segments);
    expect(stretches).toEqual([{ number: 1, startMs: 0, durationMs: 4000, open: false }, { number: 2, startMs: 4000, durationMs: 2000, open: true }]);
    expect(lengthOf(stretches)).toBe(6000);
    expect([0, 3999, 4000, 9999].map((ms) => stretchAt(stretches, ms)?.number)).toEqual([1, 1, 2, 2]);
    expect(stretchAt([], 5)).toBeUndefined();
  });

  it('shows activity where the picture changed, not where a segment begins', () => {
    expect(heatOf(segments, 6)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(heatOf([], 3)).toEqual([0, 0, 0]);
  });

  it('places events in the whole and writes times as people do', () => {
    expect(markersOf(segments)).toEqual([{ ms: 500, type: 'input' }, { ms: 4100, type: 'viewer.came' }]);
    expect([0, 61_900, 3_729_000].map(clockOf)).toEqual(['0:00', '1:01', '1:02:09']);
  });
});
