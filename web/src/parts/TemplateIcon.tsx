import { IconAppWindow } from '@tabler/icons-react';
import { useState } from 'react';

/** The application's own icon; a neutral window where there is none or it does not load. */
export function TemplateIcon({ url, size = 40 }: { url: string | null | undefined; size?: number }) {
  const [broken, setBroken] = useState(false);
  if (!url || broken) return <IconAppWindow size={size} stroke={1.2} aria-hidden style={{ flex: 'none', color: 'var(--mantine-color-dimmed)' }} />;
  return <img src={url} width={size} height={size} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} style={{ flex: 'none', objectFit: 'contain' }} />;
}
