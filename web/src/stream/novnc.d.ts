// The types describe version 1.6, whose entry was lib/rfb; since 1.7 the package itself is that entry.
declare module '@novnc/novnc' {
  export { default } from '@novnc/novnc/lib/rfb';
}
