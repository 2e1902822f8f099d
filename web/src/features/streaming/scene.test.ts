import { describe, expect, test } from 'vitest';
import type { StreamState } from '@/stream/machine';
import { isUnshared, sceneOf } from './scene';

const live: StreamState = { at: 'live' };
const waiting: StreamState = { at: 'waiting', attempt: 2, delay: 2000 };

describe('what lies over the picture', () => {
  test('a launch shows its steps until the first picture, whatever the socket does', () => {
    expect(sceneOf('preparing', { at: 'connecting', attempt: 0 }, false)).toEqual({ is: 'launching' });
    expect(sceneOf('running', live, false)).toEqual({ is: 'launching' });
    expect(sceneOf('starting', waiting, false)).toEqual({ is: 'launching' });
  });

  test('a running session with a picture is clear', () => {
    expect(sceneOf('running', live, true)).toEqual({ is: 'clear' });
  });

  test('a sleeping session keeps its last picture behind one word', () => {
    expect(sceneOf('frozen', live, true)).toEqual({ is: 'asleep', word: 'frozen' });
    expect(sceneOf('hibernated', waiting, true)).toEqual({ is: 'asleep', word: 'hibernated' });
    expect(sceneOf('waking', live, true)).toEqual({ is: 'asleep', word: 'waking' });
  });

  test('a lost connection is told as such only while the session runs', () => {
    expect(sceneOf('running', waiting, true)).toEqual({ is: 'reconnecting' });
  });

  test('a failed session says so even when the socket is held', () => {
    expect(sceneOf('failed', live, true)).toEqual({ is: 'failed' });
    expect(sceneOf('running', { at: 'ended', why: 'failed', text: '' }, true)).toEqual({ is: 'failed' });
  });

  test('an ended session wins over the reason of the close', () => {
    expect(sceneOf('terminated', { at: 'ended', why: 'revoked', text: 'x' }, true)).toEqual({ is: 'over', why: 'gone', text: '' });
    expect(sceneOf('running', { at: 'ended', why: 'revoked', text: 'x' }, true)).toEqual({ is: 'over', why: 'revoked', text: 'x' });
  });
});

test('the end of a share is told apart from being disconnected and from the end of the session', () => {
  const share = { id: 'x', level: 'view', since: '2026-11-21T08:00:00Z', expires_at: null, note: null, recorded: false } as const;
  const sentence = 'This session is no longer shared with you.';
  expect(isUnshared({ share, phase: 'running' }, 'revoked', sentence)).toBe(true);
  expect(isUnshared({ share, phase: 'running' }, 'gone', '')).toBe(true);
  expect(isUnshared({ share, phase: 'running' }, 'revoked', 'You were disconnected from this session.')).toBe(false);
  expect(isUnshared({ share, phase: 'terminated' }, 'gone', '')).toBe(false);
  expect(isUnshared({ share: null, phase: 'running' }, 'gone', '')).toBe(false);
});
