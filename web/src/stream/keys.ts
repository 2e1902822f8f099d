/** X keysyms of the keys that a browser or an operating system keeps for itself. */
export const keysym = {
  Escape: 0xff1b,
  Tab: 0xff09,
  Return: 0xff0d,
  BackSpace: 0xff08,
  Delete: 0xffff,
  Print: 0xff61,
  F4: 0xffc1,
  F11: 0xffc8,
  Shift_L: 0xffe1,
  Control_L: 0xffe3,
  Alt_L: 0xffe9,
  Super_L: 0xffeb,
  Left: 0xff51,
  Up: 0xff52,
  Right: 0xff53,
  Down: 0xff54,
} as const;

export type KeyName = keyof typeof keysym;

/** Physical codes, for servers that want the key and not only its meaning. */
export const codes: Record<KeyName, string> = {
  Escape: 'Escape', Tab: 'Tab', Return: 'Enter', BackSpace: 'Backspace', Delete: 'Delete', Print: 'PrintScreen', F4: 'F4', F11: 'F11',
  Shift_L: 'ShiftLeft', Control_L: 'ControlLeft', Alt_L: 'AltLeft', Super_L: 'MetaLeft',
  Left: 'ArrowLeft', Up: 'ArrowUp', Right: 'ArrowRight', Down: 'ArrowDown',
};

/** The keysym of a character: Latin-1 as it is, everything else in the Unicode range; line ends and tabs are keys. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point === 0x0a || point === 0x0d) return keysym.Return;
  if (point === 0x09) return keysym.Tab;
  return (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff) ? point : 0x01000000 | point;
}

/** What a phone's keyboard did to a field: how many characters went, which came. */
export function difference(before: string, after: string): { deleted: number; typed: string } {
  const old = [...before];
  const now = [...after];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  return { deleted: old.length - same, typed: now.slice(same).join('') };
}
