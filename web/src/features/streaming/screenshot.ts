import type { StreamEngine } from '@/stream/StreamEngine';

/** The picture as a file, named after the session and the moment. */
export async function saveScreenshot(engine: StreamEngine, name: string): Promise<void> {
  const picture = await engine.picture();
  if (!picture) return;
  const url = URL.createObjectURL(picture);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
