// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { drawn, Poster } from './Poster';
import { codeOf } from './StreamEngine';

test('the last picture is on the page only while there is no other', () => {
  const target = document.createElement('div');
  const poster = new Poster(target);
  expect(target.childElementCount).toBe(0);
  const source = document.createElement('canvas');
  source.width = 4;
  source.height = 2;
  HTMLCanvasElement.prototype.getContext = () => null;
  poster.hold(source);
  expect(target.querySelectorAll('canvas[data-poster]')).toHaveLength(1);
  poster.dispose();
  expect(target.childElementCount).toBe(0);
});

test('nothing is held where nothing was drawn', () => {
  const target = document.createElement('div');
  const poster = new Poster(target);
  poster.hold(null);
  poster.hold(Object.assign(document.createElement('canvas'), { width: 0, height: 0 }));
  expect(target.childElementCount).toBe(0);
});

test('a picture is there as soon as two pixels differ', () => {
  expect(drawn(new Uint8ClampedArray(64))).toBe(false);
  const pixels = new Uint8ClampedArray(64);
  pixels[41] = 9;
  expect(drawn(pixels)).toBe(true);
});

test('a stream that could not be read is one to go on with, a wanted end is not', () => {
  expect(codeOf(1000, true)).toBe(1006);
  expect(codeOf(1005, true)).toBe(1006);
  expect(codeOf(1000, false)).toBe(1000);
  expect(codeOf(4403, true)).toBe(4403);
});
