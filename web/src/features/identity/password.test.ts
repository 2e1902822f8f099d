import { expect, test } from 'vitest';
import { strengthOf } from './password';

test('a short password is weak whatever it is made of', () => {
  expect(strengthOf('aB3$xY9')).toBe('weak');
});

test('one letter repeated is weak however long', () => {
  expect(strengthOf('aaaaaaaaaaaaaaaaaaaa')).toBe('weak');
});

test('a sentence is strong without any special character', () => {
  expect(strengthOf('seven grey herons by the water')).toBe('strong');
});
