import type { Mark } from './mark';
import { planOf, type Plan, type Size } from './plan';

const family = "'Inter Variable', system-ui, sans-serif";
const fontOf = (height: number): string => `600 ${height}px ${family}`;
/** A copy is drawn finer than it is shown: it is turned afterwards. */
const finer = 2;

/** Draws the mark over what is there; white letters with a dark edge, so that it is read on any picture. */
export function paint(context: CanvasRenderingContext2D, mark: Mark, room: Size, image: HTMLImageElement | null): Plan {
  context.font = fontOf(100);
  const plan = planOf(mark, room, (line) => context.measureText(line).width, image && { width: image.naturalWidth, height: image.naturalHeight });
  const copy = plan.stamps.length > 0 ? copyOf(plan, image) : null;
  if (!copy) return plan;
  const width = copy.width / finer;
  const height = copy.height / finer;
  context.save();
  // Of the whole copy: an edge that shines through its letters would make them grey.
  context.globalAlpha = mark.opacity;
  for (const { x, y } of plan.stamps) {
    context.save();
    context.translate(x, y);
    context.rotate(plan.angle);
    context.drawImage(copy, -width / 2, -height / 2, width, height);
    context.restore();
  }
  context.restore();
  return plan;
}

/** One copy, opaque, on a canvas of its own. */
function copyOf(plan: Plan, image: HTMLImageElement | null): HTMLCanvasElement | null {
  const edge = Math.max(2, plan.font / 7);
  const copy = document.createElement('canvas');
  copy.width = Math.ceil((plan.box.width + 2 * edge) * finer);
  copy.height = Math.ceil((plan.box.height + 2 * edge) * finer);
  const context = copy.getContext('2d');
  if (!context) return null;
  context.scale(finer, finer);
  context.translate(copy.width / finer / 2, copy.height / finer / 2);
  context.font = fontOf(plan.font);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = edge;
  context.strokeStyle = '#000';
  context.fillStyle = '#fff';
  let top = -plan.box.height / 2;
  if (image && plan.image) {
    context.drawImage(image, -plan.image.width / 2, top, plan.image.width, plan.image.height);
    top = plan.box.height / 2 - plan.lines.length * plan.lineHeight;
  }
  plan.lines.forEach((line, i) => {
    const y = top + (i + 0.5) * plan.lineHeight;
    context.strokeText(line, 0, y);
    context.fillText(line, 0, y);
  });
  return copy;
}
