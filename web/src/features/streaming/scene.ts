import type { Phase, Session } from '@/api/types';
import { isLaunching, isOver } from '@/model/phase';
import type { EndReason, StreamState } from '@/stream/machine';

/** What lies over the picture. */
export type Scene =
  | { is: 'clear' }
  | { is: 'launching' }
  | { is: 'asleep'; word: 'frozen' | 'hibernated' | 'freezing' | 'hibernating' | 'waking' }
  | { is: 'reconnecting' }
  | { is: 'failed' }
  | { is: 'over'; why: EndReason; text: string };

const sleepWords: Partial<Record<Phase, 'frozen' | 'hibernated' | 'freezing' | 'hibernating'>> = {
  frozen: 'frozen',
  hibernated: 'hibernated',
  freezing: 'freezing',
  hibernating: 'hibernating',
};

/** One decision from what the session is, what the stream is, and whether a picture was ever shown. */
export function sceneOf(phase: Phase, stream: StreamState, hasPicture: boolean): Scene {
  if (phase === 'failed' || (stream.at === 'ended' && stream.why === 'failed')) return { is: 'failed' };
  if (isOver(phase)) return { is: 'over', why: 'gone', text: '' };
  if (stream.at === 'ended') return { is: 'over', why: stream.why, text: stream.text };
  const word = sleepWords[phase];
  if (word) return { is: 'asleep', word };
  if (!hasPicture) return { is: 'launching' };
  if (isLaunching(phase)) return { is: 'asleep', word: 'waking' };
  return stream.at === 'live' ? { is: 'clear' } : { is: 'reconnecting' };
}

/** A share's end has a sentence of its own among the reasons of 4403 (docs/viewer-protocol.md); who had no stream open is refused a ticket instead. */
export const isUnshared = ({ share, phase }: Pick<Session, 'share' | 'phase'>, why: EndReason, text: string): boolean =>
  share !== null && ((why === 'revoked' && text === 'This session is no longer shared with you.') || (why === 'gone' && !isOver(phase)));
