import { useEffect, useRef } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import { keepPicture } from '@/stream/pictures';
import { StreamEngine } from '@/stream/StreamEngine';
import css from './SessionPicture.module.css';

/** The session's screen, small and without hands: a viewer at level "view". */
export function LivePicture({ id, onPicture }: { id: string; onPicture: () => void }) {
  const target = useRef<HTMLDivElement>(null);
  const small = useRef<HTMLCanvasElement>(null);
  const shown = useRef(onPicture);
  useEffect(() => {
    shown.current = onPicture;
  }, [onPicture]);

  useEffect(() => {
    const element = target.current;
    if (!element) return;
    const copy = () => small.current && engine.copyTo(small.current);
    const engine = new StreamEngine({
      target: element,
      ticket: () => ok(api.POST('/api/v1/sessions/{session}/viewers', { params: { path: { session: id } }, body: { level: 'view' } })).then((t) => ({ ...t, policy: t.policy })),
      refusalOf: (error) => {
        const problem = toProblem(error);
        // A thumbnail is not worth a second try; the picture that was kept stays.
        return { status: problem.status === 401 ? 401 : 400, code: problem.code, text: problem.message };
      },
      settings: { scaling: 'fit', quality: { level: 3, adapt: true }, viewOnly: true },
      exposed: false,
      onState: () => undefined,
      onPicture: () => {
        copy();
        shown.current();
        void engine.picture(640, 'image/jpeg').then((picture) => picture && keepPicture(id, picture));
      },
    });
    engine.start();
    const timer = setInterval(copy, 400);
    return () => {
      clearInterval(timer);
      engine.dispose();
    };
  }, [id]);

  return (
    <div className={css.live} aria-hidden inert>
      <div ref={target} className={css.source} />
      <canvas ref={small} className={css.small} />
    </div>
  );
}
