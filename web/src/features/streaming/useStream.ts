import { useCallback, useEffect, useRef, useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import { onLiveEvent, onServerBack } from '@/model/live';
import { problemText } from '@/ui/problemText';
import type { StreamState } from '@/stream/machine';
import type { StreamSettings } from '@/stream/options';
import { forgetPicture, keepPicture } from '@/stream/pictures';
import { StreamEngine } from '@/stream/StreamEngine';
import { isOwn } from './ownElement';
import { policyFrom, type ViewerPolicy } from './policy';

// The picture that lists show; often enough to look alive, seldom enough to cost nothing.
const keepEvery = 15_000;

export interface Stream {
  engine: StreamEngine | null;
  state: StreamState;
  hasPicture: boolean;
  viewerId: string | null;
  level: string;
  policy: ViewerPolicy;
  clipboard: string;
}

/** Binds one engine to one element for one session. */
export function useStream(id: string, settings: StreamSettings, canRun: boolean): [attach: (element: HTMLDivElement | null) => void, stream: Stream] {
  const [element, attach] = useState<HTMLDivElement | null>(null);
  const [engine, setEngine] = useState<StreamEngine | null>(null);
  const [state, setState] = useState<StreamState>({ at: 'idle' });
  const [hasPicture, setHasPicture] = useState(false);
  const [ticket, setTicket] = useState({ viewerId: null as string | null, level: 'control', policy: policyFrom('control', null) });
  const [clipboard, setClipboard] = useState('');
  const latest = useRef(settings);

  useEffect(() => {
    latest.current = settings;
    engine?.apply(settings);
  }, [engine, settings]);

  const getTicket = useCallback(async () => {
    const answer = await ok(api.POST('/api/v1/sessions/{session}/viewers', { params: { path: { session: id } }, body: {} }));
    setTicket({ viewerId: answer.viewer_id, level: answer.level, policy: policyFrom(answer.level, answer.policy) });
    return { url: answer.url, level: answer.level, policy: answer.policy };
  }, [id]);

  // Connected, the policies may already be others than beside the ticket; told of a change, they are.
  const { viewerId } = ticket;
  const connected = state.at === 'live';
  useEffect(() => {
    if (!viewerId || !connected) return;
    let over = false;
    const ask = async () => {
      const { data } = await api.GET('/api/v1/sessions/{session}/viewers/{viewer}/policy', { params: { path: { session: id, viewer: viewerId } } });
      if (data && !over) setTicket((old) => (old.viewerId === viewerId ? { viewerId, level: data.level, policy: policyFrom(data.level, data.policy) } : old));
    };
    void ask();
    const stop = onLiveEvent((event) => event.type === 'session.viewer.policy' && event.data.viewer === viewerId && void ask());
    return () => {
      over = true;
      stop();
    };
  }, [viewerId, connected, id]);

  useEffect(() => {
    if (!element || !canRun) return;
    const made = new StreamEngine({
      target: element,
      ticket: getTicket,
      refusalOf: (error) => {
        const problem = toProblem(error);
        return { status: problem.status, code: problem.code, text: problemText(problem) };
      },
      settings: latest.current,
      own: isOwn,
      onState: (now) => {
        if (now.at === 'ended' && (now.why === 'revoked' || now.why === 'gone')) void forgetPicture(id);
        setState(now);
      },
      onPicture: () => {
        setHasPicture(true);
        made.focus();
      },
      onClipboard: setClipboard,
    });
    const keep = () => void made.picture(640, 'image/jpeg').then((picture) => picture && keepPicture(id, picture));
    const nudge = () => made.nudge();
    const hidden = () => (document.visibilityState === 'hidden' ? keep() : made.nudge());
    const pause = () => made.pause();
    const timer = setInterval(keep, keepEvery);
    document.addEventListener('freeze', pause);
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('online', nudge);
    const stop = onServerBack(nudge);
    made.start();
    setEngine(made);
    return () => {
      keep();
      clearInterval(timer);
      document.removeEventListener('freeze', pause);
      document.removeEventListener('visibilitychange', hidden);
      stop();
      window.removeEventListener('online', nudge);
      made.dispose();
      setEngine(null);
    };
  }, [element, canRun, id, getTicket]);

  return [attach, { engine, state, hasPicture, clipboard, ...ticket }];
}
