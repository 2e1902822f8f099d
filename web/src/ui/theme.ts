import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// Made from oklch steps; the accent's step 6 is oklch(0.58 0.19 275). Written as hex because the library computes
// contrast from it.
const accent: MantineColorsTuple = ['#f2f5ff', '#e2e8ff', '#c6d1ff', '#aab9ff', '#8c9cfb', '#7382f5', '#5e69e8', '#4e56d3', '#4147b4', '#30358b'];
const dark: MantineColorsTuple = ['#e6e7ed', '#c6c7cd', '#a3a4aa', '#797a7f', '#4c4d52', '#35363b', '#292a2e', '#1d1e22', '#15161a', '#0d0e12'];
const gray: MantineColorsTuple = ['#f9fafd', '#f2f3f6', '#e9e9ec', '#dbdcdf', '#cacacd', '#aaabad', '#7f8083', '#626366', '#424244', '#212124'];
const green: MantineColorsTuple = ['#ecf9ee', '#d5f5da', '#ade9b8', '#89da9b', '#61cb7c', '#43b966', '#20a04e', '#17843f', '#0f6a31', '#085023'];
const red: MantineColorsTuple = ['#fff0ed', '#ffddd8', '#ffbdb5', '#ff9f96', '#ff7f78', '#fc6761', '#df4c4a', '#ba3d3c', '#962f2e', '#732221'];
const amber: MantineColorsTuple = ['#fcf4e8', '#fde8cb', '#f7d19c', '#edba71', '#e3a340', '#d28f12', '#b87700', '#986100', '#7a4d00', '#5e3a00'];
const ice: MantineColorsTuple = ['#ecf7fd', '#d4f0fe', '#ade0f9', '#8acff0', '#63bde7', '#46abd6', '#2792bc', '#1e799c', '#15607e', '#0c4960'];
const violet: MantineColorsTuple = ['#f6f3fc', '#eee7fd', '#ddd0f7', '#cbbaed', '#baa4e2', '#a791d2', '#8f79b8', '#766398', '#5e4f7a', '#473b5e'];

export const theme = createTheme({
  colors: { accent, dark, gray, green, red, amber, ice, violet },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', Menlo, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '1rem', lg: '2rem', xl: '3rem' },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.5rem', xl: '0.75rem' },
  defaultRadius: 'md',
  shadows: { xs: 'var(--ss-shadow)', sm: 'var(--ss-shadow)', md: 'var(--ss-shadow)', lg: 'var(--ss-shadow)', xl: 'var(--ss-shadow)' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, transitionProps: { duration: 100 } } },
    Modal: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, overlayProps: { backgroundOpacity: 0.4 }, centered: true } },
    Drawer: { defaultProps: { transitionProps: { duration: 140 }, position: 'right', overlayProps: { backgroundOpacity: 0.25 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 }, shadow: 'md', width: 220 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    Skeleton: { defaultProps: { radius: 'md' } },
    Table: { defaultProps: { verticalSpacing: 0, horizontalSpacing: 'sm' } },
  },
});

/** Our own few words for surfaces, beside the library's. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f9fafd',
    '--mantine-color-dimmed': '#626366',
    '--mantine-color-placeholder': '#6d6e71',
    '--mantine-color-error': '#ba3d3c',
    '--mantine-color-anchor': '#4e56d3',
    '--ss-surface': '#ffffff',
    '--ss-raised': '#ffffff',
    '--ss-sunken': '#f2f3f6',
    '--ss-border': '#e4e5e9',
    '--ss-hover': 'rgb(30 32 50 / 4%)',
    '--ss-accent-text': '#4e56d3',
    '--ss-accent-wash': '#eceffd',
    '--ss-shadow': '0 1px 2px rgb(20 22 40 / 5%), 0 8px 24px rgb(20 22 40 / 10%)',
    '--ss-running': '#17843f',
    '--ss-frozen': '#1e799c',
    '--ss-hibernated': '#766398',
    '--ss-starting': '#4e56d3',
    '--ss-failed': '#ba3d3c',
    '--ss-ended': '#626366',
    '--ss-warning': '#986100',
  },
  dark: {
    '--mantine-color-body': '#15161a',
    '--mantine-color-dimmed': '#a3a4aa',
    '--mantine-color-placeholder': '#94959b',
    '--mantine-color-error': '#ff7f78',
    '--mantine-color-anchor': '#aab9ff',
    '--mantine-color-default': '#1d1e22',
    '--mantine-color-default-border': '#35363b',
    '--ss-surface': '#1b1c20',
    '--ss-raised': '#212227',
    '--ss-sunken': '#101115',
    '--ss-border': '#2c2d32',
    '--ss-hover': 'rgb(255 255 255 / 5%)',
    '--ss-accent-text': '#aab9ff',
    '--ss-accent-wash': '#25284a',
    '--ss-shadow': '0 1px 2px rgb(0 0 0 / 40%), 0 8px 28px rgb(0 0 0 / 45%)',
    '--ss-running': '#61cb7c',
    '--ss-frozen': '#63bde7',
    '--ss-hibernated': '#baa4e2',
    '--ss-starting': '#8c9cfb',
    '--ss-failed': '#ff7f78',
    '--ss-ended': '#a3a4aa',
    '--ss-warning': '#e3a340',
  },
});
