import { useCallback, useEffect, useRef, useState } from 'react';

const edge = 4;

/** In sight while pinned or pointed at; slides out when the pointer reaches the top edge or the keys ask for it. */
export function useToolbar(pinned: boolean) {
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const later = useCallback((ms: number) => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(false), ms);
  }, []);
  const now = useCallback(() => {
    if (timer.current) clearTimeout(timer.current);
    setOpen(true);
  }, []);

  useEffect(() => {
    const moved = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.buttons === 0 && event.clientY <= edge) now();
    };
    const pressed = (event: KeyboardEvent) => {
      // Caught on the way down: below, the desktop takes every key.
      if (!(event.ctrlKey && event.altKey && event.shiftKey && event.code === 'KeyT')) return;
      event.preventDefault();
      event.stopPropagation();
      now();
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-viewer-toolbar] button, [data-viewer-toolbar] a')?.focus());
    };
    window.addEventListener('pointermove', moved, true);
    window.addEventListener('keydown', pressed, true);
    return () => {
      window.removeEventListener('pointermove', moved, true);
      window.removeEventListener('keydown', pressed, true);
      if (timer.current) clearTimeout(timer.current);
    };
  }, [now]);

  return {
    shown: pinned || open,
    hover: (inside: boolean) => (inside ? now() : later(900)),
    toggle: () => (open ? setOpen(false) : now()),
  };
}
