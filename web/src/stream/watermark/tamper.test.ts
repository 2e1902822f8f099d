// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { stillThere } from './ink';
import { overlap, tamperedWith, type Guarded, type Tamper } from './tamper';

const rect = (x: number, y: number, width: number, height: number) => ({ x, y, width, height, left: x, top: y, right: x + width, bottom: y + height }) as DOMRect;
const boxes = new Map<Element, DOMRect>();

let guarded: Guarded;
const own = document.createElement('div');

beforeEach(() => {
  boxes.clear();
  document.body.replaceChildren();
  const target = document.createElement('div');
  const picture = document.createElement('canvas');
  target.append(picture);
  const root = target.attachShadow({ mode: 'closed' });
  const slot = document.createElement('slot');
  const layer = document.createElement('canvas');
  layer.style.cssText = 'position: absolute; display: block; visibility: visible; opacity: 1;';
  root.append(slot, layer);
  document.body.append(target, own);
  guarded = { target, root, slot, layer, style: layer.style.cssText, picture, ink: { x: 300, y: 200, width: 200, height: 40 }, exposed: true, own: (element) => element === own };
  for (const element of [target, layer, picture]) place(element, rect(0, 0, 800, 600));
});

/** jsdom lays nothing out. */
function place(element: Element, box: DOMRect): void {
  boxes.set(element, box);
}

vi.hoisted(() => {
  const laid = (element: Element) => (globalThis as { boxOf?: (e: Element) => DOMRect }).boxOf?.(element);
  Element.prototype.getBoundingClientRect = function (this: Element) {
    return laid(this) ?? ({ x: 0, y: 0, left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 } as DOMRect);
  };
});
(globalThis as { boxOf?: (e: Element) => DOMRect | undefined }).boxOf = (element) => boxes.get(element);

const cover = (tag: string, box: DOMRect, style: Partial<CSSStyleDeclaration> = {}): HTMLElement => {
  const made = document.createElement(tag);
  Object.assign(made.style, style);
  place(made, box);
  return made;
};

describe('a layer that stands', () => {
  test('is left alone', () => expect(tamperedWith(guarded)).toBeNull());

  test('is left alone by what the page lays over it and by what covers little', () => {
    place(own, rect(0, 0, 800, 600));
    own.style.backgroundColor = 'rgb(0, 0, 0)';
    document.body.append(cover('canvas', rect(300, 200, 40, 40)), cover('div', rect(0, 0, 800, 600)), cover('div', rect(0, 0, 800, 600), { backgroundColor: 'rgba(0, 0, 0, 0.1)' }));
    expect(tamperedWith(guarded)).toBeNull();
  });

  test('may be covered where people see a copy only', () => {
    document.body.append(cover('canvas', rect(0, 0, 800, 600)));
    expect(tamperedWith({ ...guarded, exposed: false })).toBeNull();
  });

  test('needs nothing once picture and layer are gone together', () => {
    guarded.target.remove();
    expect(tamperedWith(guarded)).toBeNull();
  });
});

describe('somebody was at the layer', () => {
  const ways: [string, Tamper, () => void][] = [
    ['took it out', 'removed', () => guarded.layer.remove()],
    ['put it elsewhere', 'removed', () => document.body.append(guarded.layer)],
    ['took the slot out', 'removed', () => guarded.slot.remove()],
    ['put something over it in its own root', 'changed', () => guarded.root.append(document.createElement('div'))],
    ['changed a style', 'changed', () => guarded.layer.style.setProperty('opacity', '0')],
    ['made it smaller', 'changed', () => guarded.layer.style.setProperty('width', '1px')],
    ['set hidden', 'changed', () => (guarded.layer.hidden = true)],
    ['laid a style sheet on it', 'hidden', () => (guarded.style = hide('visibility', 'hidden'))],
    ['made it transparent by another rule', 'hidden', () => (guarded.style = hide('opacity', '0.01'))],
    ['turned it away', 'hidden', () => (guarded.style = hide('transform', 'translateX(9999px)'))],
    ['filtered it away', 'hidden', () => (guarded.style = hide('filter', 'opacity(0)'))],
    ['pushed it aside', 'moved', () => place(guarded.layer, rect(790, 0, 800, 600))],
    ['shrank it', 'moved', () => place(guarded.layer, rect(0, 0, 10, 10))],
    ['took its box away', 'moved', () => place(guarded.layer, rect(0, 0, 0, 0))],
    ['took the picture out from under it', 'moved', () => document.body.append(guarded.picture as Node)],
    ['lifted the picture into a dialog', 'moved', () => guarded.target.append(Object.assign(document.createElement('dialog'), { open: true }))],
    ['laid a copy of the picture over it', 'covered', () => document.body.append(cover('canvas', rect(0, 0, 800, 600)))],
    ['laid a film over it', 'covered', () => document.body.append(cover('video', rect(290, 190, 220, 60)))],
    ['laid a box just over the mark', 'covered', () => document.body.append(cover('div', rect(300, 200, 200, 40), { backgroundColor: 'rgb(20, 20, 20)' }))],
    ['laid a picture over it', 'covered', () => document.documentElement.append(cover('div', rect(0, 0, 800, 600), { backgroundImage: 'url("x.png")' }))],
  ];
  // As a style that came by another way: what is written is as expected, what counts is not.
  const hide = (property: string, value: string): string => {
    guarded.layer.style.setProperty(property, value);
    return guarded.layer.style.cssText;
  };

  test.each(ways)('%s: %s', (_, how, act) => {
    act();
    expect(tamperedWith(guarded)).toBe(how);
    document.documentElement.querySelectorAll(':scope > div').forEach((element) => element.remove());
  });
});

test('the share of a mark that lies under a box', () => {
  const marked = { x: 100, y: 100, width: 100, height: 50 };
  expect(overlap(rect(0, 0, 800, 600), marked)).toBe(1);
  expect(overlap(rect(150, 100, 800, 50), marked)).toBe(0.5);
  expect(overlap(rect(0, 0, 100, 100), marked)).toBe(0);
});

test('ink is there while nearly all of its points are as they were', () => {
  const points = Array.from({ length: 48 }, (_, i) => [i, 0, 255, 255, 255, 77] as [number, number, number, number, number, number]);
  const context = (cleared: number) => ({ getImageData: (x: number) => ({ data: x < cleared ? [0, 0, 0, 0] : [254, 255, 255, 77] }) }) as unknown as CanvasRenderingContext2D;
  expect(stillThere(context(0), { points })).toBe(true);
  expect(stillThere(context(3), { points })).toBe(true);
  expect(stillThere(context(4), { points })).toBe(false);
});
