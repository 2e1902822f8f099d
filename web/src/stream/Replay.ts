import RFB from '@novnc/novnc';
import type { Segment } from './segment';

interface Channel {
  binaryType: string;
  protocol: string;
  readyState: string;
  send: () => void;
  close: () => void;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((message: { data: ArrayBuffer }) => void) | null;
  onclose: ((close: { code: number; reason: string; wasClean: boolean }) => void) | null;
}

/** One viewer fed from one segment instead of from a socket. It only goes forward; going back is another one. */
export class Replay {
  readonly element: HTMLDivElement;
  private readonly rfb: RFB;
  private readonly channel: Channel;
  private segment: Segment;
  private next = 1;

  /** Needs the segment's ServerInit. */
  constructor(target: HTMLElement, segment: Segment) {
    this.segment = segment;
    this.element = document.createElement('div');
    Object.assign(this.element.style, { position: 'absolute', inset: '0', visibility: 'hidden' });
    target.append(this.element);
    const channel: Channel = {
      binaryType: 'arraybuffer', protocol: '', readyState: 'open', onopen: null, onerror: null, onmessage: null, onclose: null,
      send: () => undefined,
      close: () => {
        channel.readyState = 'closed';
        queueMicrotask(() => channel.onclose?.({ code: 1000, reason: '', wasClean: true }));
      },
    };
    this.channel = channel;
    this.rfb = new RFB(this.element, channel as unknown as WebSocket, { shared: true });
    this.rfb.viewOnly = true;
    this.rfb.scaleViewport = true;
    this.rfb.focusOnClick = false;
    this.rfb.background = 'transparent';
    // In three parts: what stands behind ServerInit in the same message would wait for the next one.
    this.give(new TextEncoder().encode('RFB 003.008\n'));
    this.give(new Uint8Array([1, 1, 0, 0, 0, 0, ...(segment.pieces[0]?.bytes ?? [])]));
  }

  /** The same segment, read again and longer. */
  extend(segment: Segment): void {
    this.segment = segment;
  }

  /** Shows the picture of this time. */
  advance(ms: number): void {
    for (let piece = this.segment.pieces[this.next]; piece && piece.at <= ms; piece = this.segment.pieces[this.next]) {
      this.give(piece.bytes);
      this.next++;
    }
  }

  /** When the picture changes next; null when it does not within this segment. */
  get nextChange(): number | null {
    return this.segment.pieces[this.next]?.at ?? null;
  }

  show(): void {
    this.element.style.visibility = 'visible';
  }

  dispose(): void {
    this.rfb.disconnect();
    this.element.remove();
  }

  private give(bytes: Uint8Array): void {
    this.channel.onmessage?.({ data: bytes.slice().buffer });
  }
}
