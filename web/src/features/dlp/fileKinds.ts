/** Kinds of files as people name them, by the types that the server tells from leading bytes and names. */
export const fileKinds = {
  programs: ['application/x-dosexec', 'application/x-executable', 'application/x-mach-binary', 'application/wasm', 'application/java-archive', 'application/x-ms-shortcut', 'application/x-rpm'],
  scripts: ['text/x-script'],
  archives: ['application/zip', 'application/vnd.rar', 'application/x-7z-compressed', 'application/gzip', 'application/x-bzip2', 'application/x-xz', 'application/zstd', 'application/x-tar', 'application/vnd.ms-cab-compressed', 'application/x-archive'],
  office: [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet', 'application/vnd.oasis.opendocument.presentation', 'application/x-ole-storage', 'application/rtf',
  ],
  macros: ['application/x-office-macros'],
  pdf: ['application/pdf'],
  images: ['image/*'],
  media: ['audio/*', 'video/*'],
  text: ['text/plain', 'text/html'],
  disks: ['application/x-iso9660-image'],
} as const satisfies Record<string, readonly string[]>;

export type FileKind = keyof typeof fileKinds;
export const kindNames = Object.keys(fileKinds) as FileKind[];

/** From types to kinds; what belongs to no whole kind stays a type. */
export function toKinds(types: readonly string[]): string[] {
  const whole = kindNames.filter((kind) => fileKinds[kind].every((type) => types.includes(type)));
  const covered = new Set<string>(whole.flatMap((kind) => [...fileKinds[kind]]));
  return [...whole, ...types.filter((type) => !covered.has(type))];
}

export const toTypes = (kinds: readonly string[]): string[] => [...new Set(kinds.flatMap((kind): readonly string[] => (kind in fileKinds ? fileKinds[kind as FileKind] : [kind])))];
