import type { Box } from './plan';

/** What happened to the layer; the words go to the server. */
export type Tamper = 'removed' | 'hidden' | 'changed' | 'moved' | 'covered' | 'erased';

export interface Guarded {
  /** What the picture and the layer stand in. */
  target: HTMLElement;
  /** Where nobody but the layer looks in. */
  root: ShadowRoot;
  slot: HTMLSlotElement;
  layer: HTMLCanvasElement;
  /** The layer's styles as they were written. */
  style: string;
  /** The picture under it; null while there is none. */
  picture: HTMLCanvasElement | null;
  /** The part of the layer that is painted, in its own pixels. */
  ink: Box | null;
  /** What people look at is the target itself, not a copy of it. */
  exposed: boolean;
  /** Elements that the page made; whatever else lies over the mark covers it. */
  own: (element: Element) => boolean;
}

// Taken before any script that comes later can put something else in their place.
const styleOf = window.getComputedStyle.bind(window);
const boxOf = Function.prototype.call.bind(Element.prototype.getBoundingClientRect) as (element: Element) => DOMRect;
const plain: [property: string, ...values: string[]][] = [
  ['display', 'block'], ['visibility', 'visible'], ['opacity', '1'], ['position', 'absolute'], ['transform', 'none'], ['translate', 'none'], ['rotate', 'none'], ['scale', 'none', '1'],
  ['filter', 'none'], ['clip-path', 'none'], ['mask-image', 'none'], ['mix-blend-mode', 'normal'], ['content-visibility', 'visible'],
];

/** The first thing that is wrong; null while the layer stands. */
export function tamperedWith(guarded: Guarded): Tamper | null {
  const { target, root, slot, layer, picture } = guarded;
  if (picture?.isConnected && !target.contains(picture)) return 'moved';
  if (!target.isConnected) return null; // then nothing is seen of the picture either
  if (layer.parentNode !== root || slot.parentNode !== root) return 'removed';
  if (root.childNodes.length !== 2 || root.lastChild !== layer || root.adoptedStyleSheets?.length > 0) return 'changed';
  if (layer.style.cssText !== guarded.style || layer.hidden) return 'changed';
  const style = styleOf(layer);
  // What a browser does not know it does not say.
  if (plain.some(([property, ...values]) => !['', ...values].includes(style.getPropertyValue(property)))) return 'hidden';
  if (!fills(boxOf(layer), boxOf(target))) return 'moved';
  if (!guarded.exposed) return null;
  const full = document.fullscreenElement;
  if (full && !full.contains(target)) return 'moved';
  if (aboveAll(target)) return 'moved';
  return covered(guarded) ? 'covered' : null;
}

/** Within a pixel and a half: zoomed pages round. */
function fills(layer: DOMRect, target: DOMRect): boolean {
  const near = 1.5;
  return layer.left <= target.left + near && layer.top <= target.top + near && layer.right >= target.right - near && layer.bottom >= target.bottom - near;
}

/** Something in the target was lifted above everything else, the layer included. */
function aboveAll(target: HTMLElement): boolean {
  try {
    return target.querySelector(':popover-open, dialog[open], :modal') !== null;
  } catch {
    return target.querySelector('dialog[open]') !== null; // a browser without popovers
  }
}

/** What the page did not make and lies over the mark: pictures, wherever they stand, and whatever else was put beside the target or its parents. */
function covered(guarded: Guarded): boolean {
  const { target, layer, ink } = guarded;
  const box = boxOf(layer);
  if (!ink || box.width === 0) return false;
  const marked: Box = { x: box.left + ink.x, y: box.top + ink.y, width: ink.width, height: ink.height };
  const hides = (element: Element) => !target.contains(element) && !guarded.own(element) && hidesFrom(boxOf(element), marked) && seen(element);
  for (const element of document.querySelectorAll('canvas, video, img, iframe, embed, object')) if (hides(element)) return true;
  for (let at: Element | null = target; at?.parentElement; at = at.parentElement) {
    for (const sibling of at.parentElement.children) {
      if (sibling !== at && !unseen.has(sibling.localName) && hides(sibling) && opaque(sibling)) return true;
    }
  }
  return false;
}

/** noVNC draws its pointer as a small canvas of its own on some devices: what is no larger than a pointer hides nothing. */
const pointerSize = 64;
const hidesFrom = (box: DOMRect, marked: Box): boolean => (box.width > pointerSize || box.height > pointerSize) && overlap(box, marked) >= 0.4;

const unseen = new Set(['script', 'style', 'link', 'noscript', 'template', 'head', 'meta', 'title']);

/** How much of the mark lies under a box, 0 to 1. */
export function overlap(box: DOMRect, marked: Box): number {
  const width = Math.min(box.right, marked.x + marked.width) - Math.max(box.left, marked.x);
  const height = Math.min(box.bottom, marked.y + marked.height) - Math.max(box.top, marked.y);
  const area = marked.width * marked.height;
  return width <= 0 || height <= 0 || area <= 0 ? 0 : (width * height) / area;
}

function seen(element: Element): boolean {
  const style = styleOf(element);
  return style.display !== 'none' && style.visibility === 'visible' && Number(style.opacity || 1) > 0.2;
}

/** Whether something hides what lies under it. */
function opaque(element: Element): boolean {
  const style = styleOf(element);
  const alpha = /^rgba\(.*,\s*([\d.]+)\)$/.exec(style.backgroundColor)?.[1];
  const coloured = style.backgroundColor !== '' && style.backgroundColor !== 'transparent' && (alpha === undefined || Number(alpha) > 0.4);
  const filtered = style.getPropertyValue('backdrop-filter');
  return coloured || (style.backgroundImage !== '' && style.backgroundImage !== 'none') || (filtered !== '' && filtered !== 'none');
}
