/** One fact from the server, as it travels on the realtime socket. */
export interface LiveEvent {
  type: string;
  sessionId: string | null;
  userId: string | null;
  timestamp: string;
  data: Record<string, unknown>;
  id: string | number | null;
}

export type LiveState = 'connecting' | 'open' | 'waiting' | 'closed';

type Timer = ReturnType<typeof setTimeout>;

export interface LiveOptions {
  url: string;
  onEvent: (event: LiveEvent) => void;
  onState?: (state: LiveState) => void;
  /** The socket is open again after a gap that a resume may not have covered. */
  onGap?: () => void;
  /** The login ran out; resolves to whether it could be renewed. */
  renewLogin: () => Promise<boolean>;
  open?: (url: string) => WebSocket;
  random?: () => number;
}

const first = 300;
const longest = 15_000;
const loginGone = 4401;

/** Wait before the n-th attempt: doubling, with jitter so that a restarted server is not stormed. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * random());
}

/** Null for anything that is not an event, so that a newer server's messages do no harm. */
export function parseEvent(text: unknown): LiveEvent | null {
  if (typeof text !== 'string') return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null || !('type' in json) || typeof json.type !== 'string') return null;
  const row = json as Record<string, unknown>;
  const data = typeof row.data === 'object' && row.data !== null ? (row.data as Record<string, unknown>) : {};
  return {
    type: json.type,
    sessionId: typeof row.sessionId === 'string' ? row.sessionId : null,
    userId: typeof row.userId === 'string' ? row.userId : null,
    timestamp: typeof row.timestamp === 'string' ? row.timestamp : '',
    data,
    id: typeof row.id === 'string' || typeof row.id === 'number' ? row.id : null,
  };
}

/** The one socket of the page. Reconnects by itself and asks for what it missed. */
export class LiveSocket {
  private readonly options: LiveOptions;
  private socket: WebSocket | null = null;
  private timer: Timer | null = null;
  private attempt = 0;
  private lastId: string | number | null = null;
  private everOpen = false;
  private stopped = false;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.socket?.close(1000);
    this.socket = null;
    this.options.onState?.('closed');
  }

  /** Try now instead of at the end of the wait (the browser came online, the tab is looked at again). */
  nudge(): void {
    if (this.stopped || !this.timer) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.attempt = 0;
    this.connect();
  }

  private connect(): void {
    this.options.onState?.('connecting');
    const url = new URL(this.options.url);
    if (this.lastId !== null) url.searchParams.set('since', String(this.lastId));
    const socket = (this.options.open ?? ((u) => new WebSocket(u)))(url.toString());
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.attempt = 0;
      this.options.onState?.('open');
      if (this.everOpen) this.options.onGap?.();
      this.everOpen = true;
    };
    socket.onmessage = (message: MessageEvent) => {
      if (this.socket !== socket) return;
      const event = parseEvent(message.data);
      if (!event) return;
      if (event.id !== null) this.lastId = event.id;
      this.options.onEvent(event);
    };
    socket.onclose = (close: CloseEvent) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (!this.stopped) void this.closed(close.code);
    };
  }

  private async closed(code: number): Promise<void> {
    this.options.onState?.('waiting');
    // A refused upgrade looks like any other failure to a browser, so the first failure also renews the login.
    if (code === loginGone || (this.attempt === 1 && code === 1006)) {
      const renewed = await this.options.renewLogin().catch(() => false);
      if (!renewed && code === loginGone) {
        this.stop();
        return;
      }
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.connect();
    }, backoff(this.attempt++, this.options.random));
  }
}
