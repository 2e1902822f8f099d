import type { Phase, Session } from '@/api/types';

/** What colour and motion a phase has; the word always stands beside it. */
export type Tone = 'running' | 'frozen' | 'hibernated' | 'starting' | 'failed' | 'ended';

const tones: Record<Phase, Tone> = {
  pending: 'starting',
  queued: 'starting',
  preparing: 'starting',
  starting: 'starting',
  running: 'running',
  freezing: 'frozen',
  frozen: 'frozen',
  hibernating: 'hibernated',
  hibernated: 'hibernated',
  waking: 'starting',
  terminating: 'ended',
  terminated: 'ended',
  failed: 'failed',
};

const moving: ReadonlySet<Phase> = new Set<Phase>(['pending', 'queued', 'preparing', 'starting', 'freezing', 'hibernating', 'waking', 'terminating']);
const launching: ReadonlySet<Phase> = new Set<Phase>(['pending', 'queued', 'preparing', 'starting', 'waking']);

export const toneOf = (phase: Phase): Tone => tones[phase] ?? 'ended';
export const isMoving = (phase: Phase): boolean => moving.has(phase);
export const isLaunching = (phase: Phase): boolean => launching.has(phase);
export const isOver = (phase: Phase): boolean => phase === 'terminated' || phase === 'terminating';
export const isAsleep = (phase: Phase): boolean => phase === 'frozen' || phase === 'hibernated';

/** Rough groups that people filter by. */
export const phaseGroups = {
  running: ['running', 'freezing', 'waking'],
  starting: ['pending', 'queued', 'preparing', 'starting'],
  frozen: ['frozen'],
  hibernated: ['hibernating', 'hibernated'],
  failed: ['failed'],
} as const satisfies Record<string, readonly Phase[]>;

export type PhaseGroup = keyof typeof phaseGroups;

export type SessionAction = 'open' | 'freeze' | 'wake' | 'hibernate' | 'restart' | 'end';

/** What may be done with a session now, in the order in which it is offered. */
export function actionsOf(session: Pick<Session, 'phase' | 'permissions'>, canFreeze = true): SessionAction[] {
  const { phase, permissions } = session;
  const actions: SessionAction[] = [];
  if (isOver(phase)) return actions;
  if (permissions.view && phase !== 'failed') actions.push('open');
  if (!permissions.manage) return actions;
  if (isAsleep(phase)) actions.push('wake');
  if (phase === 'running' && canFreeze) actions.push('freeze');
  if (phase === 'running' || phase === 'frozen') actions.push('hibernate');
  if (phase === 'running' || phase === 'failed') actions.push('restart');
  actions.push('end');
  return actions;
}
