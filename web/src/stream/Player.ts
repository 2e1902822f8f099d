import { Replay } from './Replay';
import { openingOf, readSegment, type Segment } from './segment';
import { lengthOf, stretchAt, type Stretch } from './timeline';

export interface PlayerState {
  ms: number;
  playing: boolean;
  /** A segment is being loaded, or the live end was reached. */
  waiting: boolean;
  error: unknown;
}

export interface PlayerOptions {
  target: HTMLElement;
  load: (segment: number) => Promise<ArrayBuffer>;
  onState: (state: PlayerState) => void;
}

const keep = 4;
const idleMs = 2000;
const lead = 300;

/** Plays a recording from its segments: seeking costs one segment. Knows neither React nor the API. */
export class Player {
  speed = 1;
  skipIdle = false;
  private readonly options: PlayerOptions;
  private readonly cache = new Map<number, Segment>();
  private stretches: Stretch[] = [];
  private stretch: Stretch | null = null;
  private replay: Replay | null = null;
  private state: PlayerState = { ms: 0, playing: false, waiting: false, error: null };
  private round = 0;
  private frame = 0;
  private before = 0;

  constructor(options: PlayerOptions) {
    this.options = options;
    this.frame = requestAnimationFrame(this.tick);
  }

  /** What there is to play; grows while it is still recorded. */
  setStretches(stretches: Stretch[]): void {
    this.stretches = stretches;
    const same = stretches.find((stretch) => stretch.number === this.stretch?.number);
    if (same && same.durationMs > (this.stretch?.durationMs ?? 0)) void this.grow(same);
    else if (same) this.stretch = same;
    if (!this.replay && !this.state.waiting && stretches.length > 0) void this.seek(0);
  }

  play(): void {
    if (this.state.ms >= lengthOf(this.stretches) && !this.stretches.at(-1)?.open) void this.seek(0);
    this.set({ playing: true });
  }

  pause(): void {
    this.set({ playing: false });
  }

  async seek(to: number): Promise<void> {
    const ms = Math.max(0, Math.min(to, lengthOf(this.stretches)));
    const stretch = stretchAt(this.stretches, ms);
    if (!stretch) return;
    const round = ++this.round;
    const forward = this.replay !== null && this.stretch?.number === stretch.number && ms >= this.state.ms;
    this.set({ ms, error: null });
    if (forward) {
      this.replay?.advance(ms - stretch.startMs);
      this.set({ waiting: false });
      return;
    }
    this.set({ waiting: true });
    try {
      const segment = await this.segmentOf(stretch);
      if (round !== this.round) return;
      const fresh = new Replay(this.options.target, segment);
      fresh.advance(Math.max(ms - stretch.startMs, openingOf(segment)));
      const old = this.replay;
      [this.replay, this.stretch] = [fresh, stretch];
      // The new picture is painted behind the old one.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        fresh.show();
        old?.dispose();
      }));
      this.set({ waiting: false });
      this.prefetch(stretch.number + 1);
    } catch (error) {
      if (round === this.round) this.set({ waiting: false, playing: false, error });
    }
  }

  dispose(): void {
    this.round++;
    cancelAnimationFrame(this.frame);
    this.replay?.dispose();
    this.replay = null;
    this.options.target.replaceChildren();
  }

  private readonly tick = (now: number): void => {
    this.frame = requestAnimationFrame(this.tick);
    const passed = Math.min(250, now - this.before);
    this.before = now;
    if (!this.state.playing || this.state.waiting || !this.stretch || !this.replay) return;
    const { startMs, durationMs, number } = this.stretch;
    const end = startMs + durationMs;
    let ms = this.state.ms + passed * this.speed;
    if (this.skipIdle) {
      const change = startMs + (this.replay.nextChange ?? durationMs + lead);
      if (change - ms > idleMs) ms = change - lead;
    }
    if (ms < end) {
      this.replay.advance(ms - startMs);
      this.set({ ms });
      return;
    }
    this.replay.advance(durationMs);
    const next = this.stretches.find((stretch) => stretch.number > number);
    if (next) void this.seek(next.startMs);
    else this.set({ ms: end, playing: this.stretch.open });
  };

  /** The segment being played was written on. */
  private async grow(stretch: Stretch): Promise<void> {
    const round = this.round;
    this.cache.delete(stretch.number);
    try {
      const segment = await this.segmentOf(stretch);
      if (round !== this.round) return;
      this.replay?.extend(segment);
      this.stretch = stretch;
    } catch {
      // The next growth, or the person's next seek, asks again.
    }
  }

  private prefetch(number: number): void {
    const stretch = this.stretches.find((s) => s.number === number && !s.open);
    if (stretch) void this.segmentOf(stretch).catch(() => undefined);
  }

  private async segmentOf(stretch: Stretch): Promise<Segment> {
    const known = this.cache.get(stretch.number);
    if (known) return known;
    const segment = readSegment(await this.options.load(stretch.number));
    if (!segment || segment.pieces.length === 0) throw new Error('unreadable');
    if (segment.ended) {
      this.cache.set(stretch.number, segment);
      const oldest = this.cache.keys().next().value;
      if (this.cache.size > keep && oldest !== undefined) this.cache.delete(oldest);
    }
    return segment;
  }

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    this.options.onState(this.state);
  }
}
