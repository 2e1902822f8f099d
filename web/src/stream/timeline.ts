/** A segment's place in the whole recording; pauses between segments take no time. */
export interface Stretch {
  number: number;
  startMs: number;
  durationMs: number;
  /** Still being written. */
  open: boolean;
}

export interface SegmentFacts {
  number: number;
  duration_ms: number;
  digest: string | null;
  activity: number[];
  events: { at: number; type: string }[];
}

export function stretchesOf(segments: SegmentFacts[]): Stretch[] {
  let startMs = 0;
  return segments.map((segment) => {
    const stretch = { number: segment.number, startMs, durationMs: segment.duration_ms, open: segment.digest === null };
    startMs += segment.duration_ms;
    return stretch;
  });
}

export const lengthOf = (stretches: Stretch[]): number => {
  const last = stretches.at(-1);
  return last ? last.startMs + last.durationMs : 0;
};

/** The stretch that plays at this time; the last one at the end, undefined when there is none. */
export const stretchAt = (stretches: Stretch[], ms: number): Stretch | undefined =>
  stretches.find((stretch) => ms < stretch.startMs + stretch.durationMs) ?? stretches.at(-1);

/** How much the picture changed, in `buckets` equal parts of the recording, 0 to 1. A segment's first picture is no change. */
export function heatOf(segments: SegmentFacts[], buckets: number): number[] {
  const stretches = stretchesOf(segments);
  const length = lengthOf(stretches);
  const heat = new Array<number>(buckets).fill(0);
  if (length === 0) return heat;
  segments.forEach((segment, i) => {
    const start = stretches[i]?.startMs ?? 0;
    segment.activity.forEach((bytes, second) => {
      if (second === 0) return;
      const bucket = Math.min(buckets - 1, Math.floor(((start + second * 1000) / length) * buckets));
      heat[bucket] = (heat[bucket] ?? 0) + bytes;
    });
  });
  const most = Math.log1p(Math.max(...heat));
  return most === 0 ? heat : heat.map((bytes) => Math.log1p(bytes) / most);
}

export interface Marker {
  ms: number;
  type: string;
}

export function markersOf(segments: SegmentFacts[]): Marker[] {
  const stretches = stretchesOf(segments);
  return segments.flatMap((segment, i) => segment.events.map((event) => ({ ms: (stretches[i]?.startMs ?? 0) + event.at, type: event.type })));
}

/** `3:07`, `1:02:09`. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
