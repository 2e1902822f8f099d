import type { Progress, Session } from '@/api/types';

export const stepNames = ['reserve', 'prepare_image', 'start', 'connect'] as const;
export type Step = Progress['steps'][number];

/** The four steps in their order; before the server has said anything all of them wait. */
export function stepsOf(progress: Progress | null): Step[] {
  return stepNames.map((name) => progress?.steps.find((step) => step.name === name) ?? { name, state: 'waiting', percent: null, ms: null, text: null });
}

/** How far a launch is, 0 to 100: each step a quarter, the active one by its own percentage. */
export function launchPercent(session: Pick<Session, 'phase' | 'progress'>): number {
  if (session.phase === 'running') return 100;
  const quarter = 100 / stepNames.length;
  return stepsOf(session.progress).reduce((sum, step) => {
    if (step.state === 'done') return sum + quarter;
    return step.state === 'active' ? sum + quarter * Math.max(0.1, (step.percent ?? 0) / 100) : sum;
  }, 0);
}
