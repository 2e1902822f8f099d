import type { LiveEvent } from '@/api/live';
import type { Usage } from '@/api/types';

export type UsagePage = Usage;
export type UsagePoint = Usage['items'][number];

const longest = 720;
const numeric = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** A sample as the realtime event carries it; null when the event is about limits. */
export function sampleFrom(event: LiveEvent): UsagePoint | null {
  const inner = typeof event.data.usage === 'object' && event.data.usage !== null ? (event.data.usage as Record<string, unknown>) : event.data;
  const pick = (camel: string, snake: string): number | null => numeric(inner[camel]) ?? numeric(inner[snake]);
  const cpu = pick('cpuPercent', 'cpu_percent');
  const memory = pick('memoryBytes', 'memory_bytes');
  if (cpu === null || memory === null) return null;
  return {
    at: event.timestamp,
    cpu_percent: cpu,
    memory_bytes: memory,
    network_in_bytes: pick('networkInBytes', 'network_in_bytes'),
    network_out_bytes: pick('networkOutBytes', 'network_out_bytes'),
    disk_bytes: null,
    processes: null,
  };
}

export function appendSample(page: UsagePage | undefined, sample: UsagePoint): UsagePage | undefined {
  if (!page) return page;
  return { ...page, items: [...page.items.filter((p) => p.at !== sample.at), sample].slice(-longest) };
}
