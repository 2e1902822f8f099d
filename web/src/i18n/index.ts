import { useSyncExternalStore } from 'react';
import type { en } from './en';

export type Key = keyof typeof en;
type StemOf<K> = K extends `${infer Stem}_other` ? Stem : never;
type PluralKey = StemOf<Key>;
type Values = Record<string, string | number>;

/** The languages the pages are written in; each is a chunk of its own. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);
const storageKey = 'streamspace.language';

const load: Record<Language, () => Promise<Record<Key, string>>> = {
  en: () => import('./en').then((m) => m.en),
  de: () => import('./de').then((m) => m.de),
};

let texts: Partial<Record<Key, string>> = {};
let current: Language = 'en';
const listeners = new Set<() => void>();

export const isLanguage = (value: unknown): value is Language => typeof value === 'string' && value in languages;

/** What the person chose here before, else what the browser asks for, else English. */
export function preferredLanguage(): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(storageKey);
  } catch {
    // Blocked storage: the browser's own wish decides.
  }
  if (isLanguage(chosen)) return chosen;
  const wished = navigator.languages.map((l) => l.slice(0, 2)).find(isLanguage);
  return wished ?? 'en';
}

export async function switchLanguage(language: Language): Promise<void> {
  texts = await load[language]();
  current = language;
  document.documentElement.lang = language;
  document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr';
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Not remembered, still used.
  }
  listeners.forEach((listener) => listener());
}

export const language = (): Language => current;

function fill(text: string, values?: Values): string {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;
}

/** The text of a key, with `{name}` filled in. */
export const t = (key: Key, values?: Values): string => fill(texts[key] ?? key, values);

/** The text for a number: `stem_one`, `stem_other` by the plural rules of the language. */
export function tn(stem: PluralKey, count: number, values?: Values): string {
  const rule = new Intl.PluralRules(current).select(count);
  const key = `${stem}_${rule}` as Key;
  const text = texts[key] ?? texts[`${stem}_other` as Key] ?? stem;
  return fill(text, { count: new Intl.NumberFormat(current).format(count), ...values });
}

/** A text by a key that is made at run time (phases, codes); `fallback` when there is none. */
export const tOr = (key: string, fallback: string, values?: Values): string => fill(texts[key as Key] ?? fallback, values);

/** Makes a component follow a change of language. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current,
  );
}
