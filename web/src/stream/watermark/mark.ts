export const positions = ['center', 'top', 'bottom', 'top_left', 'top_right', 'bottom_left', 'bottom_right'] as const;
export type Position = (typeof positions)[number];

/** What is drawn over a picture; the server has filled in who looks, from where and when. */
export interface Mark {
  text: string | null;
  /** A PNG or JPEG as a data: address. */
  image: string | null;
  opacity: number;
  position: Position;
  tile: boolean;
}

/** What the server says about the watermark (docs/viewer-protocol.md, section 2b). */
export type Note = { is: 'mark'; mark: Mark | null } | { is: 'text'; text: string } | { is: 'check'; nonce: string };

type Said = Record<string, unknown>;
const isObject = (value: unknown): value is Said => typeof value === 'object' && value !== null;
const textOr = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Null for notes of a newer server, which mean nothing here. */
export function noteFrom(data: string): Note | null {
  let said: unknown;
  try {
    said = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isObject(said)) return null;
  switch (said.type) {
    case 'watermark': return { is: 'mark', mark: isObject(said.watermark) ? markFrom(said.watermark) : null };
    case 'watermark.text': return { is: 'text', text: textOr(said.text) ?? '' };
    case 'watermark.check': return typeof said.nonce === 'string' ? { is: 'check', nonce: said.nonce } : null;
    default: return null;
  }
}

const markFrom = (said: Said): Mark => ({
  text: textOr(said.text),
  image: textOr(said.image),
  opacity: typeof said.opacity === 'number' ? Math.min(1, Math.max(0.05, said.opacity)) : 0.3,
  position: positions.find((position) => position === said.position) ?? 'center',
  tile: said.tile === true,
});
