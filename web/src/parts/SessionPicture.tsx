import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Session } from '@/api/types';
import { isAsleep, isLaunching } from '@/model/phase';
import { lastPicture, onPictureKept } from '@/stream/pictures';
import { LaunchBar } from './LaunchBar';
import css from './SessionPicture.module.css';
import { TemplateIcon } from './TemplateIcon';
import { useThumbnail } from './useThumbnail';

const LivePicture = lazy(() => import('./LivePicture').then((m) => ({ default: m.LivePicture })));

/**
 * The desktop as it looks: the small picture that the server took, before it comes the last one that this browser saw, and
 * live where that says more. A live picture is a viewer, so it counts as use and stands in the history: lists ask for it
 * only while the pointer rests on the card.
 */
export function SessionPicture({ session, live }: { session: Session; live: 'always' | 'pointed' | 'never' }) {
  const frame = useRef<HTMLDivElement>(null);
  const inSight = useInSight(frame);
  const seen = useKeptPicture(session.id);
  const kept = useThumbnail(session, inSight) ?? seen;
  const pointed = usePointed(frame, live === 'pointed');
  const [drawn, setDrawn] = useState(false);
  const running = session.phase === 'running';
  const watch = live !== 'never' && running && inSight && session.permissions.view && (live === 'always' || pointed);
  return (
    <div ref={frame} className={css.frame} data-asleep={isAsleep(session.phase) || undefined}>
      {kept && <img className={css.kept} src={kept} alt="" />}
      {!kept && !(watch && drawn) && <div className={css.icon}><TemplateIcon url={session.template.icon_url} size={56} /></div>}
      {watch && <Suspense fallback={null}><LivePicture id={session.id} onPicture={() => setDrawn(true)} /></Suspense>}
      {isLaunching(session.phase) && <LaunchBar session={session} />}
    </div>
  );
}

function useKeptPicture(id: string): string | null | undefined {
  // Undefined until the browser's store has answered.
  const [url, setUrl] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let current: string | null = null;
    let gone = false;
    const load = async () => {
      const blob = await lastPicture(id);
      if (gone) return;
      if (!blob) {
        setUrl((old) => old ?? null);
        return;
      }
      const old = current;
      current = URL.createObjectURL(blob);
      setUrl(current);
      if (old) URL.revokeObjectURL(old);
    };
    void load();
    const stop = onPictureKept((kept) => kept === id && void load());
    return () => {
      gone = true;
      stop();
      if (current) URL.revokeObjectURL(current);
    };
  }, [id]);
  return url;
}

/** The pointer rests on the card, or the keyboard is in it; passing over does not count. */
function usePointed(ref: React.RefObject<HTMLElement | null>, asked: boolean): boolean {
  const [pointed, setPointed] = useState(false);
  useEffect(() => {
    const card = asked ? ref.current?.closest('article') : null;
    if (!card) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const enter = () => {
      timer ??= setTimeout(() => setPointed(true), 500);
    };
    const leave = () => {
      if (timer) clearTimeout(timer);
      timer = null;
      setPointed(false);
    };
    const pairs = [['mouseenter', enter], ['focusin', enter], ['mouseleave', leave], ['focusout', leave]] as const;
    for (const [type, listener] of pairs) card.addEventListener(type, listener);
    return () => {
      leave();
      for (const [type, listener] of pairs) card.removeEventListener(type, listener);
    };
  }, [ref, asked]);
  return pointed;
}

/** On the screen and in the tab that is looked at. */
function useInSight(ref: React.RefObject<HTMLElement | null>): boolean {
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let visible = false;
    const update = () => setInSight(visible && document.visibilityState === 'visible');
    const observer = new IntersectionObserver((entries) => {
      visible = entries.some((entry) => entry.isIntersecting);
      update();
    });
    observer.observe(element);
    document.addEventListener('visibilitychange', update);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', update);
    };
  }, [ref]);
  return inSight;
}
