import { expect, test } from 'vitest';
import { difference, keysymOf } from './keys';

test('characters become the keysyms that X knows', () => {
  expect(keysymOf('a')).toBe(0x61);
  expect(keysymOf('ü')).toBe(0xfc);
  expect(keysymOf('€')).toBe(0x010020ac);
  expect(keysymOf('😀')).toBe(0x0101f600);
  expect(keysymOf('\n')).toBe(0xff0d);
});

test('a corrected word is deleted and typed anew', () => {
  expect(difference('helo', 'hello')).toEqual({ deleted: 1, typed: 'lo' });
  expect(difference('abc', 'ab')).toEqual({ deleted: 1, typed: '' });
  expect(difference('', 'ß')).toEqual({ deleted: 0, typed: 'ß' });
});
