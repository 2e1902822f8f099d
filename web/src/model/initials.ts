/** Two letters for a person without a picture. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const [first = '?', ...rest] = words;
  const last = rest.at(-1);
  return ((first[0] ?? '?') + (last?.[0] ?? first[1] ?? '')).toUpperCase();
};
