import { describe, expect, test } from 'vitest';
import { launchPercent, stepsOf } from './launchProgress';
import { initialsOf } from './initials';
import { actionsOf } from './phase';
import { loginAddress, returnAddress } from './returnAddress';
import { nextWarning } from './warnings';

const owner = { view: true, control: true, manage: true, level: 'control' };

describe('what may be done with a session', () => {
  test('depends on what it is', () => {
    expect(actionsOf({ phase: 'running', permissions: owner })).toEqual(['open', 'freeze', 'hibernate', 'restart', 'end']);
    expect(actionsOf({ phase: 'frozen', permissions: owner })).toEqual(['open', 'wake', 'hibernate', 'end']);
    expect(actionsOf({ phase: 'failed', permissions: owner })).toEqual(['restart', 'end']);
    expect(actionsOf({ phase: 'terminated', permissions: owner })).toEqual([]);
  });

  test('depends on who asks', () => {
    expect(actionsOf({ phase: 'running', permissions: { view: true, control: false, manage: false, level: 'view' } })).toEqual(['open']);
    // Full control of the display is not the right to put the session to sleep.
    expect(actionsOf({ phase: 'running', permissions: { view: true, control: true, manage: false, level: 'control' } })).toEqual(['open']);
    expect(actionsOf({ phase: 'running', permissions: { view: false, control: false, manage: false, level: null } })).toEqual([]);
  });
});

describe('a warning', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const inSeconds = (s: number) => new Date(now + s * 1000).toISOString();

  test('comes two minutes before the session freezes, and not earlier', () => {
    expect(nextWarning({ freeze_at: inSeconds(121), hibernate_at: inSeconds(900) }, null, now)).toBeNull();
    expect(nextWarning({ freeze_at: inSeconds(119), hibernate_at: inSeconds(900) }, null, now)).toEqual({ what: 'freeze', seconds: 119 });
  });

  test('names the nearest danger first', () => {
    expect(nextWarning({ freeze_at: inSeconds(100), hibernate_at: null }, inSeconds(50), now)?.what).toBe('ends');
  });

  test('is silent about what is past', () => {
    expect(nextWarning({ freeze_at: inSeconds(-5), hibernate_at: null }, null, now)).toBeNull();
  });
});

describe('the way back after the login', () => {
  test('leads only into this app', () => {
    expect(returnAddress('?return=%2Fsessions%2F1%2Fview')).toBe('/sessions/1/view');
    for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/login?return=/x']) {
      expect(returnAddress(`?return=${encodeURIComponent(evil)}`)).toBe('/');
    }
  });

  test('is kept in the address', () => {
    expect(loginAddress('/')).toBe('/login');
    expect(loginAddress('/sessions?q=a', 'ended')).toBe('/login?return=%2Fsessions%3Fq%3Da&reason=ended');
  });
});

test('a launch is a quarter per step', () => {
  expect(stepsOf(null).map((s) => s.state)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  const progress = { elapsed_ms: 1, steps: [{ name: 'reserve', state: 'done', percent: null, ms: 3, text: null }, { name: 'prepare_image', state: 'active', percent: 60, ms: null, text: null }] };
  expect(launchPercent({ phase: 'preparing', progress })).toBeCloseTo(40);
  expect(launchPercent({ phase: 'running', progress: null })).toBe(100);
});

test('people without a picture have two letters', () => {
  expect([initialsOf('Ada Lovelace'), initialsOf('root'), initialsOf('j.doe'), initialsOf('')]).toEqual(['AL', 'RO', 'JD', '?']);
});
