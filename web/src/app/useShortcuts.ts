import { useHotkeys } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { mainPlaces, personPlaces } from './navigation';

const secondKeys = new Map([...mainPlaces, ...personPlaces].flatMap((place) => (place.key ? [[place.key, place.to] as const] : [])));

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Ctrl-K, ?, /, and g followed by the first letter of a place. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const waitsForPlace = useRef(0);

  useHotkeys([['mod+K', onPalette]], [], true);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const place = secondKeys.get(event.key);
      if (place && event.timeStamp - waitsForPlace.current < 1200) {
        waitsForPlace.current = 0;
        event.preventDefault();
        void navigate(place);
      } else if (event.key === 'g') {
        waitsForPlace.current = event.timeStamp;
      } else if (event.key === '?') {
        event.preventDefault();
        onHelp();
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>('input[data-list-search]');
        if (!field) return;
        event.preventDefault();
        field.focus();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate, onHelp]);
}
