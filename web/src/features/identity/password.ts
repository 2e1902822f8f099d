/** The server decides; this is the same rule, told while typing. */
export const shortestPassword = 8;

export type Strength = 'weak' | 'fair' | 'strong';

/** A rough measure: length counts most, variety a little, repetition against. */
export function strengthOf(password: string): Strength {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const different = new Set(password).size;
  const score = Math.min(password.length, different * 2) + kinds * 2;
  if (password.length < shortestPassword || score < 16) return 'weak';
  return score < 24 ? 'fair' : 'strong';
}
