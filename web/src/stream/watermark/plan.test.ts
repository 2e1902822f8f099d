import { describe, expect, test } from 'vitest';
import { noteFrom, type Mark } from './mark';
import { inkOf, planOf, type Stamp } from './plan';

const room = { width: 1440, height: 900 };
const mark: Mark = { text: 'ada 10.0.0.1', image: null, opacity: 0.3, position: 'center', tile: false };
// Each letter as wide as half its height.
const measure = (line: string) => line.length * 50;
const plan = (change: Partial<Mark>, size = room, image: { width: number; height: number } | null = null) => planOf({ ...mark, ...change }, size, measure, image);

describe('the plan of a watermark', () => {
  test('puts one copy where it belongs, wholly inside', () => {
    expect(plan({}).stamps).toEqual([{ x: 720, y: 450 }]);
    for (const position of ['top', 'bottom', 'top_left', 'top_right', 'bottom_left', 'bottom_right'] as const) {
      const made = plan({ position });
      const ink = inkOf(made, room);
      const { x, y } = made.stamps[0] as Stamp;
      expect(ink && ink.x >= 0 && ink.y >= 0 && ink.x + ink.width <= room.width && ink.y + ink.height <= room.height, position).toBe(true);
      if (position.includes('left')) expect(x).toBeLessThan(400);
      if (position.includes('right')) expect(x).toBeGreaterThan(1040);
      if (position.startsWith('top')) expect(y).toBeLessThan(200);
      if (position.startsWith('bottom')) expect(y).toBeGreaterThan(700);
    }
  });

  test('makes a long line smaller instead of cutting it off, down to what can be read', () => {
    const long = plan({ text: 'x'.repeat(150) });
    expect(long.box.width).toBeLessThanOrEqual(room.width);
    expect(long.font).toBeGreaterThanOrEqual(9);
    expect(plan({ text: 'x'.repeat(200) }, { width: 390, height: 800 }).font).toBe(9);
  });

  test('repeats it so that no place as large as a quarter of the picture is free', () => {
    for (const size of [room, { width: 390, height: 844 }, { width: 3840, height: 2160 }]) {
      const { stamps, angle } = plan({ tile: true, text: 'ada.lovelace@example.org\n2026-11-26 02:10:00 UTC' }, size);
      expect(angle).not.toBe(0);
      for (const [left, top] of [[0, 0], [0.5, 0], [0, 0.5], [0.5, 0.5], [0.25, 0.25]] as const) {
        const inside = stamps.filter(({ x, y }) => x >= left * size.width && x <= (left + 0.5) * size.width && y >= top * size.height && y <= (top + 0.5) * size.height);
        expect(inside.length, `${size.width} ${left} ${top}`).toBeGreaterThan(0);
      }
    }
  });

  test('never repeats it without end', () => {
    expect(plan({ tile: true, text: '.' }, { width: 7680, height: 4320 }).stamps.length).toBeLessThan(1500);
  });

  test('shrinks an image into its part and never makes it larger', () => {
    expect(plan({ text: null }, room, { width: 2000, height: 1000 }).image).toEqual({ width: 432, height: 216 });
    expect(plan({ text: null }, room, { width: 40, height: 20 }).image).toEqual({ width: 40, height: 20 });
    const both = plan({}, room, { width: 100, height: 50 });
    expect(both.box.height).toBeGreaterThan(50 + both.lineHeight);
  });

  test('of nothing, or of no room, is nothing', () => {
    expect(plan({ text: ' \n' }).stamps).toEqual([]);
    expect(plan({}, { width: 0, height: 0 }).stamps).toEqual([]);
    expect(inkOf(plan({ text: null }), room)).toBeNull();
  });
});

test('notes of the server are read, others mean nothing', () => {
  expect(noteFrom('{"type":"watermark","watermark":{"text":"a","image":null,"opacity":0.5,"position":"top","tile":true}}')).toEqual({ is: 'mark', mark: { text: 'a', image: null, opacity: 0.5, position: 'top', tile: true } });
  expect(noteFrom('{"type":"watermark","watermark":null}')).toEqual({ is: 'mark', mark: null });
  expect(noteFrom('{"type":"watermark","watermark":{"opacity":9,"position":"moon"}}')).toEqual({ is: 'mark', mark: { text: null, image: null, opacity: 1, position: 'center', tile: false } });
  expect(noteFrom('{"type":"watermark.text","text":"b"}')).toEqual({ is: 'text', text: 'b' });
  expect(noteFrom('{"type":"watermark.check","nonce":"n"}')).toEqual({ is: 'check', nonce: 'n' });
  for (const other of ['', 'x', '[]', '7', '{"type":"news"}', '{"type":"watermark.check"}']) expect(noteFrom(other)).toBeNull();
});
