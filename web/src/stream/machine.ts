/** Why a stream is over for good; the page has a sentence and a way on for each. */
export type EndReason = 'left' | 'login' | 'revoked' | 'gone' | 'crowded' | 'protocol' | 'failed' | 'refused' | 'watermark';

export type StreamState =
  | { at: 'idle' }
  /** Asking for a ticket or opening the socket. */
  | { at: 'connecting'; attempt: number }
  /** The display talks to us. */
  | { at: 'live' }
  /** Between two attempts. */
  | { at: 'waiting'; attempt: number; delay: number }
  | { at: 'ended'; why: EndReason; text: string };

export type StreamEvent =
  | { is: 'start' }
  | { is: 'connected' }
  | { is: 'closed'; code: number; text: string }
  | { is: 'refused'; status: number; code: string; text: string }
  | { is: 'retry' }
  | { is: 'stop' };

/** docs/viewer-protocol.md, section 4: 0.5 s, then 1, 2, 4, 5, 5 ... */
const delays = [500, 1000, 2000, 4000, 5000];
export const delayOf = (attempt: number): number => delays[Math.min(attempt, delays.length - 1)] ?? 5000;

const wait = (attempt: number, delay = delayOf(attempt)): StreamState => ({ at: 'waiting', attempt, delay });
const end = (why: EndReason, text: string): StreamState => ({ at: 'ended', why, text });

/** What a close code asks for. */
function afterClose(code: number, text: string, attempt: number): StreamState {
  switch (code) {
    case 1000: return end('left', text);
    case 1002:
    case 1009: return end('protocol', text);
    case 4205: return wait(attempt, 0);
    case 4401: return end('login', text);
    case 4403: return end('revoked', text);
    case 4404: return end('gone', text);
    case 4406: return end('watermark', text);
    case 4429: return end('crowded', text);
    default: return wait(attempt);
  }
}

/** What a refused ticket means; everything that may pass is tried again. */
function afterRefusal(status: number, code: string, text: string, attempt: number): StreamState {
  if (status === 401) return end('login', text);
  if (status === 403) return end('revoked', text);
  if (status === 404 || code === 'SESSION_OVER') return end('gone', text);
  if (code === 'SESSION_FAILED') return end('failed', text);
  if (code === 'TOO_MANY_VIEWERS') return end('crowded', text);
  if (status <= 0 || status === 429 || status >= 500) return wait(attempt);
  return end('refused', text);
}

const attemptOf = (state: StreamState): number => (state.at === 'connecting' || state.at === 'waiting' ? state.attempt : -1);

/** The whole life of a stream, as a function: given where it is and what happened, where is it now. */
export function next(state: StreamState, event: StreamEvent): StreamState {
  if (event.is === 'stop') return state.at === 'ended' ? state : end('left', '');
  switch (state.at) {
    case 'idle':
      return event.is === 'start' ? { at: 'connecting', attempt: 0 } : state;
    case 'ended':
      return event.is === 'start' ? { at: 'connecting', attempt: 0 } : state;
    case 'waiting':
      return event.is === 'retry' ? { at: 'connecting', attempt: state.attempt + 1 } : state;
    case 'connecting':
      if (event.is === 'connected') return { at: 'live' };
      break;
    case 'live':
      break;
  }
  if (event.is === 'closed') return afterClose(event.code, event.text, Math.max(0, attemptOf(state)));
  if (event.is === 'refused') return afterRefusal(event.status, event.code, event.text, Math.max(0, attemptOf(state)));
  return state;
}
