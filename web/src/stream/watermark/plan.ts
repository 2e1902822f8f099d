import type { Mark, Position } from './mark';

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

/** Where one copy of the mark goes: its middle. */
export interface Stamp {
  x: number;
  y: number;
}

export interface Plan {
  lines: string[];
  /** Height of the letters in pixels. */
  font: number;
  lineHeight: number;
  /** The image as it is drawn; null where there is none. */
  image: Size | null;
  /** One copy, before it is turned. */
  box: Size;
  /** In radians; a repeated mark leans, so that it cannot be cut away between two lines of text. */
  angle: number;
  stamps: Stamp[];
}

const margin = 20;
const gap = 10;
const most = 600;
const clamp = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Where everything goes, as a function of what is to be drawn and how much room there is. `measure` tells how wide a line is at a height of 100. */
export function planOf(mark: Mark, room: Size, measure: (line: string) => number, natural: Size | null): Plan {
  const lines = (mark.text ?? '').split('\n').filter((line) => line.trim() !== '');
  const image = natural && natural.width > 0 && natural.height > 0 ? within(natural, imageRoom(mark, room)) : null;
  const font = fontOf(mark, room, Math.max(0, ...lines.map(measure)));
  const lineHeight = font * 1.3;
  const text: Size = { width: Math.max(0, ...lines.map((line) => (measure(line) * font) / 100)), height: lines.length * lineHeight };
  const box: Size = { width: Math.max(text.width, image?.width ?? 0), height: text.height + (image?.height ?? 0) + (image && lines.length > 0 ? gap : 0) };
  const plan = { lines, font, lineHeight, image, box, angle: mark.tile ? -Math.PI / 8 : 0 };
  if (box.width === 0 || box.height === 0 || room.width <= 0 || room.height <= 0) return { ...plan, stamps: [] };
  return { ...plan, stamps: mark.tile ? tiles(box, room, plan.angle) : [placed(mark.position, box, room)] };
}

/** The part of the room that the marks take up: what a cover would have to cover. */
export function inkOf(plan: Plan, room: Size): Box | null {
  const first = plan.stamps[0];
  if (!first) return null;
  if (plan.stamps.length > 1) return { x: 0, y: 0, ...room };
  return { x: first.x - plan.box.width / 2, y: first.y - plan.box.height / 2, ...plan.box };
}

function fontOf(mark: Mark, room: Size, widest: number): number {
  const wanted = mark.tile ? clamp(13, room.width / 85, 20) : mark.position === 'center' ? clamp(15, room.width / 40, 40) : clamp(13, room.width / 75, 22);
  // A long line becomes smaller rather than being cut off.
  const fitting = widest > 0 ? ((room.width - 2 * margin) * 100) / widest : wanted;
  return Math.max(9, Math.min(wanted, fitting));
}

function imageRoom(mark: Mark, room: Size): Size {
  const part = mark.tile ? 0.1 : mark.position === 'center' ? 0.3 : 0.16;
  return { width: Math.max(48, room.width * part), height: Math.max(48, room.height * part) };
}

/** Made smaller until it fits, never larger. */
function within(natural: Size, room: Size): Size {
  const scale = Math.min(1, room.width / natural.width, room.height / natural.height);
  return { width: natural.width * scale, height: natural.height * scale };
}

function placed(position: Position, box: Size, room: Size): Stamp {
  const left = box.width / 2 + margin;
  const top = box.height / 2 + margin;
  const x = position.endsWith('_left') ? left : position.endsWith('_right') ? room.width - left : room.width / 2;
  const y = position.startsWith('top') ? top : position.startsWith('bottom') ? room.height - top : room.height / 2;
  return { x, y };
}

/** Rows that are shifted against each other, beyond every edge. */
function tiles(box: Size, room: Size, angle: number): Stamp[] {
  const wide = box.width * Math.cos(angle) + box.height * Math.abs(Math.sin(angle));
  const high = box.height * Math.cos(angle) + box.width * Math.abs(Math.sin(angle));
  let stepX = wide + Math.max(40, wide * 0.2);
  let stepY = high * 0.7 + Math.max(40, box.height * 1.5);
  const crowd = ((room.width / stepX + 2) * (room.height / stepY + 2)) / most;
  if (crowd > 1) [stepX, stepY] = [stepX * Math.sqrt(crowd), stepY * Math.sqrt(crowd)];
  const stamps: Stamp[] = [];
  for (let row = 0, y = stepY / 3; y < room.height + stepY / 2; row++, y += stepY) {
    for (let x = row % 2 === 0 ? stepX / 3 : -stepX / 6; x < room.width + stepX / 2; x += stepX) stamps.push({ x, y });
  }
  return stamps;
}
