/** Bytes that the display sent, with their time from the segment's start. */
export interface Piece {
  at: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A segment of a recording as far as it is whole; docs/recording-format.md. */
export interface Segment {
  /** ServerInit first. */
  pieces: Piece[];
  durationMs: number;
  /** False while it is still written, or when it was torn. */
  ended: boolean;
}

/** A first whole picture takes no longer than this from its first byte on. */
const pictureMs = 500;

/** Until when a segment has to be read for its first picture, which may come late on a busy machine; before it there is nothing to see. */
export const openingOf = (segment: Segment): number => (segment.pieces[1]?.at ?? 0) + pictureMs;

const magic = [0x53, 0x53, 0x52, 0x45, 0x43, 0x01, 0x0d, 0x0a];
const headLength = 9;
const checkLength = 8;
const mostBytes = 1024 * 1024;

/** Reads whole chunks up to the first that is not; null for what is no segment. Checks are left to `streamspace recording verify`. */
export function readSegment(buffer: ArrayBuffer): Segment | null {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  if (bytes.length < magic.length || magic.some((byte, i) => bytes[i] !== byte)) return null;
  const segment: Segment = { pieces: [], durationMs: 0, ended: false };
  for (let at = magic.length; at + headLength <= bytes.length; ) {
    const kind = String.fromCharCode(bytes[at] ?? 0);
    const time = view.getUint32(at + 1);
    const length = view.getUint32(at + 5);
    const end = at + headLength + length;
    if (!'HDETIZ'.includes(kind) || length > mostBytes || end + checkLength > bytes.length) break;
    if (kind === 'D') segment.pieces.push({ at: time, bytes: bytes.subarray(at + headLength, end) });
    segment.durationMs = Math.max(segment.durationMs, time);
    at = end + checkLength;
    if (kind === 'Z') {
      segment.ended = true;
      break;
    }
  }
  return segment;
}
