import { useEffect, useRef } from 'react';
import type { Stream } from './useStream';

/** Both ways without a panel, as far as the browser allows it. */
export function useClipboardSync(stream: Stream, on: boolean): void {
  const { engine, clipboard, policy } = stream;
  const last = useRef('');

  useEffect(() => {
    if (!on || !policy.clipboardOut || clipboard === '' || !document.hasFocus()) return;
    last.current = clipboard;
    navigator.clipboard?.writeText(clipboard).catch(() => undefined);
  }, [clipboard, on, policy.clipboardOut]);

  useEffect(() => {
    if (!on || !engine || !policy.clipboardIn) return;
    const read = async () => {
      const text = await navigator.clipboard?.readText().catch(() => '');
      if (!text || text === last.current) return;
      last.current = text;
      engine.paste(text);
    };
    const focused = () => void read();
    window.addEventListener('focus', focused);
    void read();
    return () => window.removeEventListener('focus', focused);
  }, [engine, on, policy.clipboardIn]);
}
