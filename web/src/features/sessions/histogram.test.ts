import { describe, expect, it } from 'vitest';
import { binsOf } from './histogram';

describe('histogram', () => {
  it('counts every value once, in round bins from zero', () => {
    const bins = binsOf([9.9, 10, 14.2, 31], [8, 8.5]);
    expect(bins[0]).toMatchObject({ from: 0, to: 5, through: 0, direct: 0 });
    expect(bins.map((bin) => bin.through)).toEqual([0, 1, 2, 0, 0, 0, 1]);
    expect(bins.map((bin) => bin.direct)).toEqual([0, 2, 0, 0, 0, 0, 0]);
  });

  it('never has more than a dozen bins', () => {
    for (const longest of [0, 0.3, 6, 60, 599, 1490]) expect(binsOf([longest], []).length).toBeLessThanOrEqual(12);
  });

  it('puts a value on an edge into the bin that begins there', () => {
    expect(binsOf([5], []).findIndex((bin) => bin.through === 1)).toBe(10);
  });
});
