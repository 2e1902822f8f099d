import { useLocalStorage } from '@mantine/hooks';
import type { PictureQuality, Scaling } from '@/stream/options';

export const pictures = ['auto', 'high', 'balanced', 'low'] as const;
export type PictureChoice = (typeof pictures)[number];

export interface ViewerSettings {
  scaling: Scaling;
  picture: PictureChoice;
  pinned: boolean;
  syncClipboard: boolean;
}

/** What is asked of the server. With `adapt` the level is the best there is, and the line decides; otherwise it is what there is on any line. */
export const qualities: Record<PictureChoice, PictureQuality> = {
  auto: { level: 8, adapt: true },
  high: { level: 9, adapt: false },
  balanced: { level: 6, adapt: false },
  low: { level: 2, adapt: false },
};

// A desktop as narrow as a phone is of no use, so there the picture is fitted.
const small = (): boolean => Math.min(window.innerWidth, window.innerHeight) < 600;

const defaults = (): ViewerSettings => ({ scaling: small() ? 'fit' : 'window', picture: 'auto', pinned: false, syncClipboard: false });

/** Stored before there was an automatic choice: a number that somebody chose. */
type Stored = Partial<ViewerSettings> & { quality?: number };

/** What this browser remembers, made whole. */
export function settingsFrom(stored: Stored): ViewerSettings {
  const { quality, ...rest } = stored;
  const chosen = rest.picture ?? pictures.find((name) => !qualities[name].adapt && qualities[name].level === quality);
  const known = chosen && pictures.includes(chosen) ? chosen : 'auto';
  return { ...defaults(), ...rest, picture: known };
}

/** How this browser likes to look at desktops. */
export function useViewerSettings() {
  const [stored, setStored] = useLocalStorage<Stored>({ key: 'streamspace.viewer', defaultValue: {}, getInitialValueInEffect: false });
  const change = (part: Partial<ViewerSettings>) => setStored((old) => ({ ...old, ...part }));
  return { settings: settingsFrom(stored), change };
}
