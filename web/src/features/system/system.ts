import type { System } from '@/api/types';

/** What an administrator should look at, in the order of how much it hurts. */
export function warningsOf(system: System): string[] {
  const down = system.runtimes.flatMap((runtime) => (runtime.problem ? [`${runtime.name}: ${runtime.problem}`] : []));
  const warned = system.runtimes.flatMap((runtime) => runtime.warnings.map((warning) => `${runtime.name}: ${warning}`));
  const parts = system.parts.flatMap((part) => (part.problem ? [part.problem] : []));
  return [...down, ...parts, ...warned];
}
