import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff, LiveSocket, parseEvent, type LiveEvent, type LiveState } from './live';

class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  close() {
    this.closed = true;
  }
}

const last = (): FakeSocket => FakeSocket.all.at(-1) as FakeSocket;

function make(renew: () => Promise<boolean> = async () => true) {
  const events: LiveEvent[] = [];
  const states: LiveState[] = [];
  const gaps = vi.fn();
  const live = new LiveSocket({
    url: 'ws://localhost/api/v1/ws/sessions',
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    onGap: gaps,
    renewLogin: renew,
    open: (url) => new FakeSocket(url) as unknown as WebSocket,
    random: () => 1,
  });
  return { live, events, states, gaps };
}

describe('the realtime socket', () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  test('hands on events and asks after a break for what it missed', async () => {
    const { live, events, states, gaps } = make();
    live.start();
    last().onopen?.();
    last().onmessage?.({ data: JSON.stringify({ type: 'session.created', sessionId: 's1', userId: 'u1', timestamp: 't', data: {}, id: 41 }) });
    expect(events.map((e) => e.type)).toEqual(['session.created']);
    expect(gaps).not.toHaveBeenCalled();

    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(300);
    expect(FakeSocket.all).toHaveLength(2);
    expect(last().url).toContain('since=41');
    last().onopen?.();
    expect(gaps).toHaveBeenCalledOnce();
    expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  });

  test('stops for good when the login is gone and cannot be renewed', async () => {
    const { live, states } = make(async () => false);
    live.start();
    last().onopen?.();
    last().onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(states.at(-1)).toBe('closed');
  });

  test('renews the login and goes on', async () => {
    const renew = vi.fn(async () => true);
    const { live } = make(renew);
    live.start();
    last().onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(500);
    expect(renew).toHaveBeenCalledOnce();
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('tries at once when the network is back', async () => {
    const { live } = make();
    live.start();
    for (let i = 0; i < 6; i++) {
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(20_000);
    }
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(1);
    const before = FakeSocket.all.length;
    live.nudge();
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  test('does nothing after it was stopped', async () => {
    const { live } = make();
    live.start();
    live.stop();
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(last().closed).toBe(true);
  });
});

test('waits longer each time, but never longer than fifteen seconds', () => {
  expect([0, 1, 2, 3].map((n) => backoff(n, () => 1))).toEqual([300, 600, 1200, 2400]);
  expect(backoff(50, () => 1)).toBe(15_000);
  expect(backoff(3, () => 0)).toBe(1200);
});

test('what is no event is ignored', () => {
  for (const text of ['', 'x', '[]', '{}', '{"type":5}', null, new ArrayBuffer(4)]) expect(parseEvent(text)).toBeNull();
  expect(parseEvent('{"type":"session.idle"}')).toEqual({ type: 'session.idle', sessionId: null, userId: null, timestamp: '', data: {}, id: null });
});
