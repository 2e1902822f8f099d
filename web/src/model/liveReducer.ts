import type { LiveEvent } from '@/api/live';
import type { Phase, Session } from '@/api/types';

/** What an event does to the lists and details that are in memory. */
export type Effect =
  | { kind: 'patch'; id: string; patch: Partial<Session> }
  | { kind: 'arrived'; id: string }
  | { kind: 'gone'; id: string }
  | { kind: 'viewers'; id: string; count: number | null }
  /** The answer about falling asleep is out of date. */
  | { kind: 'idle'; id: string }
  /** Somebody's right to look at it came, changed or went. */
  | { kind: 'rights'; id: string };

const phases: ReadonlySet<string> = new Set<Phase>([
  'pending', 'queued', 'preparing', 'starting', 'running', 'freezing', 'frozen', 'hibernating', 'hibernated', 'waking', 'terminating', 'terminated', 'failed',
]);

// The realtime envelope is camelCase while the API is snake_case: both spellings are read, one is kept.
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const copied = [
  'name', 'state', 'reason', 'message', 'queue_position', 'keep_awake', 'idle_timeout', 'freeze_after', 'max_duration', 'tags', 'resources',
  'last_activity_at', 'started_at', 'frozen_at', 'hibernated_at', 'terminated_at', 'expires_at', 'restart_count', 'timings',
] as const satisfies readonly (keyof Session)[];

function deepSnake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepSnake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), deepSnake(inner)]));
}

/** The fields of a session that an event carries; unknown ones are left alone. */
export function patchFrom(data: Record<string, unknown>): Partial<Session> {
  const inner = typeof data.session === 'object' && data.session !== null ? { ...data, ...data.session } : data;
  const fields = deepSnake(inner) as Record<string, unknown>;
  const patch: Record<string, unknown> = {};
  for (const name of copied) if (name in fields) patch[name] = fields[name];
  if (patch.resources === null) delete patch.resources; // a usage sample, which takes no limits away
  if (typeof fields.phase === 'string' && phases.has(fields.phase)) patch.phase = fields.phase;
  if (typeof fields.viewers === 'number') patch.viewers = fields.viewers;
  const progress = fields.progress as { steps?: unknown } | null | undefined;
  if (progress === null || Array.isArray(progress?.steps)) patch.progress = progress;
  return patch as Partial<Session>;
}

/** The decision for one event; pure, so that it can be tested without a cache. */
export function effectsOf(event: LiveEvent): Effect[] {
  const id = event.sessionId;
  if (!id || !event.type.startsWith('session.')) return [];
  const patch = patchFrom(event.data);
  switch (event.type) {
    case 'session.created':
      return [{ kind: 'arrived', id }];
    case 'session.shared':
      return [{ kind: 'arrived', id }, { kind: 'rights', id }];
    case 'session.unshared':
      return [{ kind: 'gone', id }, { kind: 'rights', id }];
    case 'session.recording.started':
    case 'session.recording.stopped':
      return [{ kind: 'rights', id }];
    case 'session.deleted':
      return [{ kind: 'patch', id, patch: { ...patch, phase: patch.phase ?? 'terminated', state: 'terminated' } }, { kind: 'gone', id }];
    case 'session.connected':
    case 'session.disconnected':
      return [{ kind: 'viewers', id, count: patch.viewers ?? null }];
    case 'session.idle':
    case 'session.active':
      return [{ kind: 'idle', id }, ...(Object.keys(patch).length > 0 ? [{ kind: 'patch', id, patch } as const] : [])];
    default:
      return Object.keys(patch).length > 0 ? [{ kind: 'patch', id, patch }] : [];
  }
}
