import RFB from '@novnc/novnc';
import { codes, keysym, keysymOf, type KeyName } from './keys';
import { next, type StreamEvent, type StreamState } from './machine';
import type { StreamOptions, StreamSettings, StreamTicket } from './options';
import { Poster } from './Poster';
import { noteFrom } from './watermark/mark';
import type { Tamper } from './watermark/tamper';
import { WatermarkLayer } from './watermark/WatermarkLayer';

/**
 * One viewer of one display: gets a ticket, opens the socket, draws, and goes on by itself when the connection breaks.
 * Knows neither React nor the API; docs/viewer-protocol.md is what it follows.
 */
export class StreamEngine {
  private readonly options: StreamOptions;
  private readonly poster: Poster;
  private readonly watermark: WatermarkLayer;
  private settings: StreamSettings;
  private state: StreamState = { at: 'idle' };
  private rfb: RFB | null = null;
  private socket: WebSocket | null = null;
  private told: boolean | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private round = 0;
  private surface: HTMLCanvasElement | null = null;

  constructor(options: StreamOptions) {
    this.options = options;
    this.settings = options.settings;
    this.poster = new Poster(options.target);
    const { target, exposed = true, own = () => false } = options;
    this.watermark = new WatermarkLayer({ target, exposed, own, picture: () => this.canvas() ?? this.surface, onTamper: (how) => this.cut(how) });
  }

  start(): void {
    this.move({ is: 'start' });
  }

  /** Leaves for good: closes the socket and lets go of the page. */
  dispose(): void {
    this.move({ is: 'stop' });
    this.round++;
    this.dropConnection();
    this.poster.dispose();
    this.watermark.dispose();
  }

  /** The page is about to be frozen by the browser and could not answer for its watermark; the connection comes back with the page. */
  pause(): void {
    if (this.watermark.stands) this.socket?.close();
  }

  /** Try now instead of at the end of the wait. */
  nudge(): void {
    if (this.state.at === 'waiting') this.move({ is: 'retry' });
  }

  apply(settings: StreamSettings): void {
    this.settings = settings;
    if (!this.rfb) return;
    const { scaling } = settings;
    this.rfb.viewOnly = settings.viewOnly;
    this.rfb.qualityLevel = settings.quality.level;
    this.rfb.compressionLevel = settings.quality.level > 8 ? 1 : 2;
    this.tellQuality();
    this.rfb.scaleViewport = scaling !== 'native';
    this.rfb.clipViewport = false;
    this.rfb.resizeSession = scaling === 'window' && !settings.viewOnly;
  }

  focus(): void {
    this.rfb?.focus({ preventScroll: true });
  }

  /** Presses the keys in order and lets them go backwards: `press('Control_L', 'Alt_L', 'Delete')`. */
  press(...keys: KeyName[]): void {
    for (const key of keys) this.rfb?.sendKey(keysym[key], codes[key], true);
    for (const key of [...keys].reverse()) this.rfb?.sendKey(keysym[key], codes[key], false);
  }

  hold(key: KeyName, down: boolean): void {
    this.rfb?.sendKey(keysym[key], codes[key], down);
  }

  type(text: string): void {
    // Without a physical code the server looks the character up, whatever the layout of either keyboard.
    for (const character of text) this.rfb?.sendKey(keysymOf(character), null);
  }

  paste(text: string): void {
    this.rfb?.clipboardPasteFrom(text);
  }

  /** The picture as it is now, at most `width` wide; null when there is none. */
  picture(width?: number, type = 'image/png'): Promise<Blob | null> {
    return this.poster.capture(this.canvas(), width, type, (context, size) => this.watermark.copyOnto(context, size));
  }

  /** Draws the picture smoothly into a smaller canvas; a browser shrinks a canvas by itself only coarsely. */
  copyTo(small: HTMLCanvasElement): void {
    const from = this.canvas();
    const context = small.getContext('2d');
    if (!from || from.width === 0 || !context) return;
    const width = Math.round(small.clientWidth * Math.min(2, devicePixelRatio));
    const height = Math.round((width * from.height) / from.width);
    if (small.width !== width || small.height !== height) Object.assign(small, { width, height });
    context.imageSmoothingQuality = 'high';
    context.drawImage(from, 0, 0, width, height);
    this.watermark.copyOnto(context, { width, height });
  }

  get hasPower(): boolean {
    return this.rfb?.capabilities.power ?? false;
  }

  /** Who chooses the quality is a note to the proxy beside the stream. */
  private tellQuality(): void {
    if (this.socket?.readyState !== WebSocket.OPEN || this.socket.protocol === 'binary' || this.told === this.settings.quality.adapt) return;
    this.told = this.settings.quality.adapt;
    this.socket.send(JSON.stringify({ type: 'quality', quality: this.told ? 'auto' : 'fixed' }));
  }

  private canvas(): HTMLCanvasElement | null {
    return this.options.target.querySelector<HTMLCanvasElement>('canvas:not([data-poster])');
  }

  private move(event: StreamEvent): void {
    const before = this.state;
    this.state = next(before, event);
    if (this.state === before) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    // Who may not look any more keeps no last picture either, whether the socket said so or the next ticket.
    if (this.state.at === 'ended' && (this.state.why === 'revoked' || (this.state.why === 'gone' && event.is === 'refused'))) this.clear();
    this.options.onState(this.state);
    if (this.state.at === 'connecting') void this.connect(++this.round);
    if (this.state.at === 'waiting') this.timer = setTimeout(() => this.move({ is: 'retry' }), this.state.delay);
  }

  private async connect(round: number): Promise<void> {
    let ticket: StreamTicket;
    try {
      ticket = await this.options.ticket();
    } catch (error) {
      if (round === this.round) this.move({ is: 'refused', ...this.options.refusalOf(error) });
      return;
    }
    if (round !== this.round) return;
    this.options.onTicket?.(ticket);
    this.open(ticket, round);
  }

  private open(ticket: StreamTicket, round: number): void {
    const url = new URL(ticket.url, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, ['streamspace.v1', 'binary']);
    this.socket = socket;
    this.told = null;
    socket.addEventListener('open', () => round === this.round && this.tellQuality());
    let broken = false;
    let marked = false;
    // Before noVNC, which takes every message for a piece of the picture.
    socket.addEventListener('message', (message: MessageEvent<unknown>) => {
      if (typeof message.data !== 'string') return;
      message.stopImmediatePropagation();
      if (round !== this.round) return;
      marked = true;
      void this.hear(message.data, socket);
    });
    socket.addEventListener('close', (close) => {
      if (round !== this.round) return;
      // A picture whose watermark does not stand is not kept on the screen.
      if (close.code === 4406) this.clear();
      else this.poster.hold(this.surface);
      this.rfb = null;
      this.socket = null;
      // noVNC hears of the close after us; it knows whether it was itself that could not go on.
      setTimeout(() => round === this.round && this.move({ is: 'closed', code: codeOf(close.code, broken), text: close.reason }));
    });
    const rfb = new RFB(this.options.target, socket, { shared: true });
    this.rfb = rfb;
    // Kept by hand: a stream that breaks takes its canvas off the page before anybody is told.
    this.surface = this.canvas();
    rfb.background = 'transparent';
    rfb.focusOnClick = true;
    this.apply(this.settings);
    rfb.addEventListener('connect', () => {
      if (round !== this.round) return;
      // What it is comes before the first picture, or there is none any more.
      if (!marked) this.watermark.set(null);
      this.move({ is: 'connected' });
      this.poster.releaseAfterFirstFrame(() => this.canvas(), () => round === this.round && this.options.onPicture?.());
    });
    rfb.addEventListener('clipboard', (event: CustomEvent<{ text: string }>) => this.options.onClipboard?.(event.detail.text));
    rfb.addEventListener('disconnect', (event: CustomEvent<{ clean: boolean }>) => {
      broken = !event.detail.clean;
    });
    rfb.addEventListener('bell', () => this.options.onBell?.());
  }

  /** What the server says about the watermark. Its questions are answered here and not by a timer: those of a page in the background hardly run. */
  private async hear(data: string, socket: WebSocket): Promise<void> {
    const note = noteFrom(data);
    if (note?.is === 'mark') this.watermark.set(note.mark);
    if (note?.is === 'text') this.watermark.setText(note.text);
    if (note?.is !== 'check') return;
    await this.watermark.ready;
    const how = this.watermark.check();
    if (how) this.cut(how);
    else if (this.watermark.stands && socket === this.socket) socket.send(JSON.stringify({ type: 'watermark.stands', nonce: note.nonce }));
  }

  /** Somebody was at the watermark: tells the server, and stops by itself whatever the server does. */
  private cut(how: Tamper): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: 'watermark.tampered', how }));
    this.round++;
    this.dropConnection();
    this.clear();
    this.move({ is: 'closed', code: 4406, text: '' });
  }

  private clear(): void {
    this.surface?.remove();
    this.poster.dispose();
    this.watermark.dispose();
  }

  private dropConnection(): void {
    if (this.timer) clearTimeout(this.timer);
    const rfb = this.rfb;
    this.rfb = null;
    this.socket = null;
    rfb?.disconnect();
  }
}

/** A stream that noVNC could not read is closed by it as politely as a wanted end, but it is one to go on with. */
export const codeOf = (code: number, broken: boolean): number => (broken && (code === 1000 || code === 1005) ? 1006 : code);
