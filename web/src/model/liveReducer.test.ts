import { expect, test } from 'vitest';
import type { LiveEvent } from '@/api/live';
import { effectsOf, patchFrom } from './liveReducer';

const event = (type: string, data: Record<string, unknown> = {}, sessionId: string | null = 's1'): LiveEvent => ({ type, sessionId, userId: 'u1', timestamp: 't', data, id: 1 });

test('a phase change updates the row with everything the event carries, in either spelling', () => {
  const camel = effectsOf(event('session.state.changed', { phase: 'frozen', frozenAt: '2026-11-21T08:00:00Z', queuePosition: null }));
  const snake = effectsOf(event('session.state.changed', { phase: 'frozen', frozen_at: '2026-11-21T08:00:00Z', queue_position: null }));
  expect(camel).toEqual([{ kind: 'patch', id: 's1', patch: { phase: 'frozen', frozen_at: '2026-11-21T08:00:00Z', queue_position: null } }]);
  expect(snake).toEqual(camel);
});

test('a launch step arrives with its percentage', () => {
  const steps = [{ name: 'prepare_image', state: 'active', percent: 63, ms: null, text: null }];
  expect(patchFrom({ phase: 'preparing', progress: { steps, elapsedMs: 900 } })).toEqual({ phase: 'preparing', progress: { steps, elapsed_ms: 900 } });
});

test('fields inside "session" count as well', () => {
  expect(patchFrom({ session: { name: 'a', phase: 'running', viewers: 2 } })).toEqual({ name: 'a', phase: 'running', viewers: 2 });
});

test('an unknown phase does not reach the page', () => {
  expect(patchFrom({ phase: 'levitating' })).toEqual({});
});

test('a template that is only a name does not overwrite the row', () => {
  expect(patchFrom({ template: 'desktop', owner: 'ada' })).toEqual({});
});

test('a new session makes the lists ask, an ended one leaves them', () => {
  expect(effectsOf(event('session.created'))).toEqual([{ kind: 'arrived', id: 's1' }]);
  expect(effectsOf(event('session.deleted'))).toEqual([
    { kind: 'patch', id: 's1', patch: { phase: 'terminated', state: 'terminated' } },
    { kind: 'gone', id: 's1' },
  ]);
});

test('a share that comes, changes or goes makes the lists ask, and the session itself for what one may do', () => {
  // The end of a share and the session's own end have the same name: nothing of the event is taken for the session's.
  expect(effectsOf(event('session.shared', { name: 'desk', expiresAt: '2026-11-21T08:00:00Z', user: 'u2', level: 'view' }))).toEqual([{ kind: 'arrived', id: 's1' }, { kind: 'rights', id: 's1' }]);
  expect(effectsOf(event('session.unshared', { name: 'desk', cause: 'revoked' }))).toEqual([{ kind: 'gone', id: 's1' }, { kind: 'rights', id: 's1' }]);
  expect(effectsOf(event('session.recording.started'))).toEqual([{ kind: 'rights', id: 's1' }]);
});

test('viewers that come and go only change the count', () => {
  expect(effectsOf(event('session.connected', { viewers: 3 }))).toEqual([{ kind: 'viewers', id: 's1', count: 3 }]);
  expect(effectsOf(event('session.disconnected'))).toEqual([{ kind: 'viewers', id: 's1', count: null }]);
});

test('an idle warning makes the idle answer old', () => {
  expect(effectsOf(event('session.idle', { action: 'freeze' }))).toEqual([{ kind: 'idle', id: 's1' }]);
});

test('other events and events about no session change nothing', () => {
  expect(effectsOf(event('user.login'))).toEqual([]);
  expect(effectsOf(event('session.state.changed', { phase: 'running' }, null))).toEqual([]);
  expect(effectsOf(event('session.heartbeat'))).toEqual([]);
});

test('new limits are taken over, and a usage sample takes none away', () => {
  expect(patchFrom({ resources: { cpu: '1500m', memory: '2Gi', storage: '10Gi' } })).toEqual({ resources: { cpu: '1500m', memory: '2Gi', storage: '10Gi' } });
  expect(patchFrom({ cpuPercent: 3, memoryBytes: 7, resources: null })).toEqual({});
});
