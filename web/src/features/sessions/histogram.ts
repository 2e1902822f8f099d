export interface Bin {
  from: number;
  to: number;
  through: number;
  direct: number;
}

const steps = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Counts of both in at most a dozen bins of a round width, from zero to the longest. */
export function binsOf(through: number[], direct: number[]): Bin[] {
  const longest = Math.max(0, ...through, ...direct);
  const width = steps.find((step) => longest / step < 12) ?? 1000;
  const count = Math.floor(longest / width) + 1;
  const within = (values: number[], bin: number) => values.filter((value) => Math.floor(value / width) === bin).length;
  return Array.from({ length: count }, (_, bin) => ({ from: bin * width, to: (bin + 1) * width, through: within(through, bin), direct: within(direct, bin) }));
}
