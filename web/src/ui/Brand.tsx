/** The mark: a window with a play sign. */
export function Brand({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden focusable="false">
      <rect width="64" height="64" rx="14" fill="#4e56d3" />
      <path d="M13 20a5 5 0 0 1 5-5h28a5 5 0 0 1 5 5v19a5 5 0 0 1-5 5H18a5 5 0 0 1-5-5z" fill="#fff" />
      <path d="M13 24h38" stroke="#c6d1ff" strokeWidth="2.5" />
      <path d="M28 28.6v9.800a1.200 1.200 0 0 0 1.800 1l8.200-4.900a1.200 1.200 0 0 0 0-2l-8.200-4.900a1.200 1.200 0 0 0-1.800 1z" fill="#4e56d3" />
      <path d="M24 50h16" stroke="#fff" strokeWidth="3.5" strokeLinecap="round" />
    </svg>
  );
}
