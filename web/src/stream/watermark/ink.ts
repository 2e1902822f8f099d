/** A painted canvas, known again by some of its pixels. */
export interface Ink {
  /** x, y, red, green, blue, alpha of each point. */
  points: [number, number, number, number, number, number][];
}

const wanted = 48;
const tolerance = 40;

/** Points that were painted, spread over the canvas; null when this browser does not tell the truth about pixels (some answer with noise). */
export function inkOn(context: CanvasRenderingContext2D, width: number, height: number): Ink | null {
  const { data } = context.getImageData(0, 0, width, height);
  const painted: number[] = [];
  for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) >= 6) painted.push(i - 3);
  const step = Math.max(1, Math.floor(painted.length / wanted));
  const points: Ink['points'] = [];
  for (let i = 0; i < painted.length; i += step) {
    const at = painted[i] ?? 0;
    const pixel = at / 4;
    points.push([pixel % width, Math.floor(pixel / width), data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0]);
  }
  const ink = { points };
  return points.length === 0 || stillThere(context, ink) ? ink : null;
}

/** Whether nearly all of the points are as they were. */
export function stillThere(context: CanvasRenderingContext2D, ink: Ink): boolean {
  let changed = 0;
  for (const [x, y, ...colour] of ink.points) {
    const { data } = context.getImageData(x, y, 1, 1);
    if (colour.reduce((sum, value, i) => sum + Math.abs(value - (data[i] ?? 0)), 0) > tolerance) changed++;
  }
  return changed <= ink.points.length / 16;
}
