import type { DlpPolicyRequest } from '@/api/types';
import { positions, type Mark, type Position } from '@/stream/watermark/mark';

type Watermark = NonNullable<DlpPolicyRequest['rules']['watermark']>;

export const variables = ['user', 'email', 'ip', 'time', 'session'] as const;
export const variableList = variables.map((name) => `{${name}}`).join(' ');
export const mostImageBytes = 64 * 1024;
export const mostImagePixels = 2048;

export interface WatermarkForm {
  text: string;
  /** A data: address; empty for none. */
  image: string;
  /** In percent. */
  opacity: number;
  position: Position;
  tile: boolean;
  refresh: number;
}

export const newWatermark: WatermarkForm = { text: '{user}\n{time}', image: '', opacity: 30, position: 'center', tile: true, refresh: 60 };

export const watermarkFormOf = (said: Watermark): WatermarkForm => ({
  text: said.text ?? '',
  image: said.image ?? '',
  opacity: Math.round((said.opacity ?? 0.3) * 100),
  position: positions.find((position) => position === said.position) ?? 'center',
  tile: said.tile ?? false,
  refresh: said.refresh_seconds ?? 60,
});

export const watermarkOf = (form: WatermarkForm): Watermark => ({
  text: form.text.trim() === '' ? null : form.text.trim(),
  image: form.image === '' ? null : form.image,
  opacity: form.opacity / 100,
  position: form.position,
  tile: form.tile,
  refresh_seconds: form.refresh,
});

/** What is wrong with a text, before the server says so: the unknown variable, or a brace without its other half. */
export function wrongIn(text: string): { is: 'unknown'; name: string } | { is: 'brace' } | null {
  for (const [name, variable] of text.matchAll(/\{([^{}]*)\}/g)) if (!variables.some((known) => known === variable)) return { is: 'unknown', name };
  return /[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? { is: 'brace' } : null;
}

/** The form as a viewer would draw it, filled in as for the given person. */
export function sampleOf(form: WatermarkForm, person: { user: string; email: string }, now: Date): Mark {
  const values: Record<string, string> = { ...person, ip: '203.0.113.7', session: 'Terminal', time: `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC` };
  return {
    text: form.text.trim() === '' ? null : form.text.trim().replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole),
    image: form.image === '' ? null : form.image,
    opacity: form.opacity / 100,
    position: form.position,
    tile: form.tile,
  };
}

/** Reads an image as the server takes it; throws what is wrong with it. */
export async function readImage(file: File): Promise<string> {
  if (!['image/png', 'image/jpeg'].includes(file.type)) throw new ImageProblem('noImage');
  if (file.size > mostImageBytes) throw new ImageProblem('tooLarge', { size: file.size });
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new ImageProblem('noImage'));
    reader.readAsDataURL(file);
  });
  const image = new Image();
  image.src = address;
  await image.decode().catch(() => {
    throw new ImageProblem('noImage');
  });
  const { naturalWidth: width, naturalHeight: height } = image;
  if (Math.max(width, height) > mostImagePixels) throw new ImageProblem('tooWide', { width, height });
  return address;
}

export class ImageProblem extends Error {
  readonly values: Record<string, number>;
  readonly kind: 'noImage' | 'tooLarge' | 'tooWide';

  constructor(kind: ImageProblem['kind'], values: Record<string, number> = {}) {
    super(kind);
    this.kind = kind;
    this.values = values;
  }
}
