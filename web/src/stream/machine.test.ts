import { describe, expect, test } from 'vitest';
import { delayOf, next, type StreamState } from './machine';

const live: StreamState = { at: 'live' };
const connecting = (attempt: number): StreamState => ({ at: 'connecting', attempt });
const closed = (code: number) => ({ is: 'closed', code, text: 'a sentence' }) as const;

describe('a stream', () => {
  test('starts by connecting', () => {
    expect(next({ at: 'idle' }, { is: 'start' })).toEqual(connecting(0));
  });

  test('is live once the display talks', () => {
    expect(next(connecting(3), { is: 'connected' })).toEqual(live);
  });

  test.each([1001, 1006, 4408, 4503])('tries again after close code %i', (code) => {
    expect(next(live, closed(code))).toEqual({ at: 'waiting', attempt: 0, delay: 500 });
  });

  test('asks for a new ticket at once when the display cannot go on in the same stream', () => {
    expect(next(live, closed(4205))).toEqual({ at: 'waiting', attempt: 0, delay: 0 });
  });

  test.each([
    [1000, 'left'], [1002, 'protocol'], [1009, 'protocol'], [4401, 'login'], [4403, 'revoked'], [4404, 'gone'], [4406, 'watermark'], [4429, 'crowded'],
  ] as const)('ends after close code %i as "%s"', (code, why) => {
    expect(next(live, closed(code))).toEqual({ at: 'ended', why, text: 'a sentence' });
  });

  test('waits longer with each failure, at most five seconds', () => {
    expect([0, 1, 2, 3, 4, 50].map(delayOf)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    const second = next(next({ at: 'waiting', attempt: 0, delay: 500 }, { is: 'retry' }), closed(1006));
    expect(second).toEqual({ at: 'waiting', attempt: 1, delay: 1000 });
  });

  test('forgets failed attempts once it was live', () => {
    expect(next(next(connecting(4), { is: 'connected' }), closed(1006))).toEqual({ at: 'waiting', attempt: 0, delay: 500 });
  });

  test.each([[0, ''], [429, 'RATE_LIMITED'], [500, ''], [503, 'RUNTIME_UNAVAILABLE']])('tries again when the ticket is refused with %i %s', (status, code) => {
    expect(next(connecting(1), { is: 'refused', status, code, text: '' }).at).toBe('waiting');
  });

  test.each([
    [401, 'UNAUTHENTICATED', 'login'], [403, 'LEVEL_NOT_ALLOWED', 'revoked'], [404, 'SESSION_MISSING', 'gone'],
    [409, 'SESSION_FAILED', 'failed'], [409, 'SESSION_OVER', 'gone'], [429, 'TOO_MANY_VIEWERS', 'crowded'], [400, 'X', 'refused'],
  ] as const)('ends when the ticket is refused with %i %s', (status, code, why) => {
    expect(next(connecting(1), { is: 'refused', status, code, text: 'no' })).toEqual({ at: 'ended', why, text: 'no' });
  });

  test('does nothing more after it was stopped, unless it is started again', () => {
    const stopped = next(live, { is: 'stop' });
    expect(stopped).toEqual({ at: 'ended', why: 'left', text: '' });
    expect(next(stopped, closed(1006))).toBe(stopped);
    expect(next(stopped, { is: 'start' })).toEqual(connecting(0));
  });
});
