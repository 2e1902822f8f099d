// @vitest-environment jsdom
import { expect, test } from 'vitest';
import type { Me, Session } from '@/api/types';
import { isGuest, mayShare, personOf } from './shares';

test('what was typed is an address when it has an @, else a user name', () => {
  expect(personOf(' Ada@example.org ')).toEqual({ email: 'Ada@example.org' });
  expect(personOf(' ada ')).toEqual({ username: 'ada' });
});

test('the owner shares and who manages, not a guest, and nobody what is over', () => {
  const me = { user: { id: 'u1' }, permissions: ['sessions.share'] } as unknown as Me;
  const session = (owner: string, manage: boolean, phase = 'running') => ({ owner: { id: owner }, phase, permissions: { view: true, control: true, manage, level: 'control' } }) as unknown as Session;
  expect(mayShare(me, session('u1', true))).toBe(true);
  expect(mayShare(me, session('u2', true))).toBe(true);
  expect(mayShare(me, session('u2', false))).toBe(false);
  expect(mayShare(me, session('u1', true, 'terminated'))).toBe(false);
  expect(mayShare({ ...me, permissions: [] }, session('u1', true))).toBe(false);
});

test('who manages a session is no guest in it, though it is shared with them as well', () => {
  const session = (share: object | null, manage: boolean) => ({ share, permissions: { manage } }) as unknown as Session;
  expect(isGuest(session({ id: 's' }, false))).toBe(true);
  expect(isGuest(session({ id: 's' }, true))).toBe(false);
  expect(isGuest(session(null, false))).toBe(false);
});
