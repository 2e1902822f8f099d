import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';

const key = 'streamspace.theme';

/** Keeps the choice where `public/theme.js` reads it before the first paint. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: (fallback) => {
    try {
      const stored = localStorage.getItem(key);
      return stored === 'light' || stored === 'dark' ? stored : stored === 'system' ? 'auto' : fallback;
    } catch {
      return fallback;
    }
  },
  set: (value: MantineColorScheme) => {
    try {
      localStorage.setItem(key, value === 'auto' ? 'system' : value);
    } catch {
      // Not remembered in this browser; the server still keeps the preference.
    }
    document.documentElement.style.background = '';
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};
