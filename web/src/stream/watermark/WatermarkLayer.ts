import { inkOn, stillThere, type Ink } from './ink';
import type { Mark } from './mark';
import { paint } from './paint';
import { inkOf, type Box, type Size } from './plan';
import { tamperedWith, type Tamper } from './tamper';

export interface LayerOptions {
  target: HTMLElement;
  /** Told once; the layer does not mend itself. Left out, nobody watches. */
  onTamper?: (how: Tamper) => void;
  /** The canvas under the layer. */
  picture?: () => HTMLCanvasElement | null;
  /** False where people see a copy of the target only. */
  exposed?: boolean;
  /** Elements that the page made. */
  own?: (element: Element) => boolean;
}

// An element can have one root only, and it may get a second layer later.
const roots = new WeakMap<HTMLElement, ShadowRoot>();
const style =
  'all: initial !important; position: absolute !important; inset: 0px !important; display: block !important; width: 100% !important; height: 100% !important; ' +
  'visibility: visible !important; opacity: 1 !important; pointer-events: none !important; z-index: 2147483647 !important;';
const lookEvery = 500;

/**
 * The watermark over a picture. It stands with a closed root of its own beside the picture, so that styles of the page do not reach it; whoever
 * gets at it all the same is noticed (tamper.ts). A patched browser can do anything: docs/viewer-protocol.md says what this is good for.
 */
export class WatermarkLayer {
  private readonly options: LayerOptions;
  private readonly observer = new MutationObserver(() => this.look());
  private readonly resized = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.draw());
  private readonly layer = document.createElement('canvas');
  private readonly slot = document.createElement('slot');
  private root: ShadowRoot | null = null;
  private mark: Mark | null = null;
  private image: HTMLImageElement | null = null;
  private loading: Promise<void> = Promise.resolve();
  private written = '';
  private drawn: { size: Size; ink: Ink | null; box: Box | null } | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: LayerOptions) {
    this.options = options;
    this.layer.setAttribute('aria-hidden', 'true');
    this.layer.style.cssText = style;
    this.written = this.layer.style.cssText; // as the browser writes it
  }

  get stands(): boolean {
    return this.mark !== null;
  }

  /** Settled once everything that was set is drawn. */
  get ready(): Promise<void> {
    return this.loading;
  }

  set(mark: Mark | null): void {
    const image = mark?.image ?? null;
    const same = image === (this.mark?.image ?? null);
    this.mark = mark;
    if (!mark) return this.takeDown();
    if (!this.putUp()) return;
    if (!same || (image && !this.image)) {
      this.image = null;
      this.loading = image ? this.load(image) : Promise.resolve();
    }
    this.draw();
  }

  setText(text: string): void {
    if (this.mark) this.set({ ...this.mark, text });
  }

  /** What happened to the layer; null while it stands. */
  check(): Tamper | null {
    if (!this.mark || !this.root) return null;
    const how = tamperedWith({
      target: this.options.target, root: this.root, slot: this.slot, layer: this.layer, style: this.written, picture: this.options.picture?.() ?? null,
      ink: this.drawn?.box ?? null, exposed: this.options.exposed ?? true, own: this.options.own ?? (() => false),
    });
    return how ?? (this.erased() ? 'erased' : null);
  }

  /** The same mark over a copy of the picture. */
  copyOnto(context: CanvasRenderingContext2D, room: Size): void {
    if (this.mark) paint(context, this.mark, room, this.image);
  }

  dispose(): void {
    this.mark = null;
    this.takeDown();
  }

  private putUp(): boolean {
    if (this.root) return true;
    const { target } = this.options;
    try {
      const root = roots.get(target) ?? target.attachShadow({ mode: 'closed' });
      roots.set(target, root);
      root.replaceChildren(this.slot, this.layer);
      this.root = root;
    } catch {
      // Somebody was here before.
      this.tell('changed');
      return false;
    }
    target.style.isolation = 'isolate';
    this.resized?.observe(target);
    if (!this.options.onTamper) return true;
    this.observer.observe(this.root, { childList: true, subtree: true, attributes: true });
    this.observer.observe(target, { childList: true, attributes: true });
    this.timer = setInterval(() => this.look(), lookEvery);
    return true;
  }

  private takeDown(): void {
    this.observer.disconnect();
    this.resized?.disconnect();
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.image = null;
    this.drawn = null;
    this.root?.replaceChildren(document.createElement('slot'));
    this.root = null;
  }

  private look(): void {
    const how = this.check();
    if (how) this.tell(how);
  }

  private tell(how: Tamper): void {
    const { onTamper } = this.options;
    this.dispose();
    onTamper?.(how);
  }

  private async load(address: string): Promise<void> {
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
    } catch {
      return; // the text says what there is to say
    }
    if (this.mark?.image !== address) return;
    this.image = image;
    this.draw();
  }

  private draw(): void {
    const context = this.layer.getContext('2d', { willReadFrequently: true });
    if (!this.mark || !this.root || !context) return;
    const room = { width: this.options.target.clientWidth, height: this.options.target.clientHeight };
    const density = Math.min(2, window.devicePixelRatio || 1);
    const size = { width: Math.round(room.width * density), height: Math.round(room.height * density) };
    this.layer.width = size.width; // also clears it
    this.layer.height = size.height;
    if (size.width === 0 || size.height === 0) {
      this.drawn = null;
      return;
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    const plan = paint(context, this.mark, room, this.image);
    this.drawn = { size, ink: this.options.onTamper ? inkOn(context, size.width, size.height) : null, box: inkOf(plan, room) };
    // Something was to be painted and nothing is there: drawing itself was taken away.
    if (plan.stamps.length > 0 && this.drawn.ink?.points.length === 0) this.tell('erased');
  }

  private erased(): boolean {
    const context = this.layer.getContext('2d');
    if (!this.drawn || !context) return false;
    const { size, ink } = this.drawn;
    return this.layer.width !== size.width || this.layer.height !== size.height || (ink !== null && !stillThere(context, ink));
  }
}
