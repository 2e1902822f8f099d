/** Keeps the last picture on the page while there is no connection, and knows when a new one is there. */
export class Poster {
  private readonly poster: HTMLCanvasElement;
  private readonly target: HTMLElement;
  private frame = 0;

  constructor(target: HTMLElement) {
    this.target = target;
    this.poster = document.createElement('canvas');
    this.poster.dataset.poster = '';
    this.poster.setAttribute('aria-hidden', 'true');
    Object.assign(this.poster.style, { position: 'absolute', inset: '0', width: '100%', height: '100%', objectFit: 'contain', pointerEvents: 'none' });
  }

  hold(source: HTMLCanvasElement | null): void {
    cancelAnimationFrame(this.frame);
    if (!source || source.width === 0 || source.height === 0) return;
    this.poster.width = source.width;
    this.poster.height = source.height;
    this.poster.getContext('2d')?.drawImage(source, 0, 0);
    this.target.prepend(this.poster);
  }

  /** Waits until something is drawn; after two seconds an all-black desktop counts as a picture too. */
  releaseAfterFirstFrame(source: () => HTMLCanvasElement | null, then: () => void): void {
    const probe = document.createElement('canvas');
    probe.width = 24;
    probe.height = 16;
    const context = probe.getContext('2d', { willReadFrequently: true });
    const start = performance.now();
    const look = (): void => {
      const canvas = source();
      if (canvas && canvas.width > 0 && context) {
        context.drawImage(canvas, 0, 0, probe.width, probe.height);
        if (drawn(context.getImageData(0, 0, probe.width, probe.height).data) || performance.now() - start > 2000) {
          this.poster.remove();
          then();
          return;
        }
      }
      this.frame = requestAnimationFrame(look);
    };
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(look);
  }

  /** `finish` draws over the copy. */
  async capture(source: HTMLCanvasElement | null, width: number | undefined, type: string, finish?: (context: CanvasRenderingContext2D, size: { width: number; height: number }) => void): Promise<Blob | null> {
    const from = source && source.width > 0 ? source : this.poster.isConnected ? this.poster : null;
    if (!from) return null;
    const scale = width ? Math.min(1, width / from.width) : 1;
    const copy = document.createElement('canvas');
    copy.width = Math.round(from.width * scale);
    copy.height = Math.round(from.height * scale);
    const context = copy.getContext('2d');
    if (!context) return null;
    context.imageSmoothingQuality = 'high';
    context.drawImage(from, 0, 0, copy.width, copy.height);
    finish?.(context, copy);
    return new Promise((resolve) => copy.toBlob(resolve, type, 0.8));
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.poster.remove();
  }
}

/** True when the sample is not one colour (a canvas without a picture is transparent black). */
export function drawn(pixels: Uint8ClampedArray): boolean {
  for (let i = 4; i < pixels.length; i += 4) {
    if (pixels[i] !== pixels[0] || pixels[i + 1] !== pixels[1] || pixels[i + 2] !== pixels[2]) return true;
  }
  return false;
}
