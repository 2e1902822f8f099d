import { describe, expect, it } from 'vitest';
import { openingOf, readSegment } from './segment';

const chunk = (kind: string, time: number, content: number[]): number[] => {
  const head = new DataView(new ArrayBuffer(9));
  head.setUint8(0, kind.charCodeAt(0));
  head.setUint32(1, time);
  head.setUint32(5, content.length);
  return [...new Uint8Array(head.buffer), ...content, 0, 0, 0, 0, 0, 0, 0, 0];
};
const file = (...chunks: number[][]): ArrayBuffer => new Uint8Array([0x53, 0x53, 0x52, 0x45, 0x43, 1, 13, 10, ...chunks.flat()]).buffer;
const whole = [chunk('H', 0, [123, 125]), chunk('D', 0, [1, 2]), chunk('T', 900, []), chunk('D', 1500, [3]), chunk('I', 1600, [123, 125]), chunk('Z', 1600, [123, 125])];

describe('readSegment', () => {
  it('gives what the display sent with its times', () => {
    const segment = readSegment(file(...whole));
    expect(segment).toMatchObject({ durationMs: 1600, ended: true });
    expect(segment?.pieces.map((p) => [p.at, ...p.bytes])).toEqual([[0, 1, 2], [1500, 3]]);
  });

  it('is read up to its first picture, however late that comes', () => {
    const late = readSegment(file(chunk('H', 0, []), chunk('D', 20, [1]), chunk('D', 1900, [2]), chunk('D', 1950, [3]), chunk('D', 4000, [4])));
    expect(late?.pieces.filter((piece) => piece.at <= openingOf(late)).length).toBe(3);
    const empty = readSegment(file(chunk('H', 0, []), chunk('D', 20, [1])));
    expect(empty && openingOf(empty)).toBe(500);
  });

  it('reads a torn file up to its last whole chunk, wherever it is torn', () => {
    const bytes = file(...whole);
    let before = 0;
    for (let length = 8; length < bytes.byteLength; length++) {
      const segment = readSegment(bytes.slice(0, length));
      expect(segment?.ended).toBe(false);
      expect(segment?.pieces.length).toBeGreaterThanOrEqual(before);
      before = segment?.pieces.length ?? 0;
    }
    expect(before).toBe(2);
  });

  it('stops at what it does not know and refuses what is no segment', () => {
    expect(readSegment(file(chunk('H', 0, []), chunk('?', 5, []), chunk('D', 6, [1])))?.pieces).toEqual([]);
    expect(readSegment(new TextEncoder().encode('hello there').buffer)).toBeNull();
  });
});
