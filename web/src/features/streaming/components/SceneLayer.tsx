import { Button, Loader } from '@mantine/core';
import { useLocation, useNavigate, Link } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { meQuery } from '@/model/me';
import { loginAddress } from '@/model/returnAddress';
import { useSessionActions } from '@/model/sessionActions';
import { ownerOf } from '@/model/useLeave';
import { isUnshared, type Scene } from '../scene';
import type { Stream } from '../useStream';
import { FailedPanel } from './FailedPanel';
import { LaunchPanel } from './LaunchPanel';
import css from './SceneLayer.module.css';

interface Props {
  session: Session;
  scene: Scene;
  stream: Stream;
  onAgain: () => void;
}

/** What is said over the picture. Where keys must reach the desktop, the layer lets them through. */
export function SceneLayer({ session, scene, stream, onAgain }: Props) {
  switch (scene.is) {
    case 'clear':
      return null;
    case 'launching':
      return <LaunchPanel session={session} />;
    case 'asleep':
      return <Asleep session={session} word={scene.word} mayWake={stream.policy.keyboard} />;
    case 'reconnecting':
      return (
        <div className={css.pill} role="status">
          <Loader size={14} color="gray" aria-hidden />
          <span>{t('scene.reconnecting')}</span>
          <Button size="compact-sm" variant="default" onClick={() => stream.engine?.nudge()}>{t('scene.tryNow')}</Button>
        </div>
      );
    case 'failed':
      return <FailedPanel session={session} />;
    case 'over':
      return <Over session={session} why={scene.why} text={scene.text} onAgain={onAgain} />;
  }
}

function Asleep({ session, word, mayWake }: { session: Session; word: 'frozen' | 'hibernated' | 'freezing' | 'hibernating' | 'waking'; mayWake: boolean }) {
  const { act } = useSessionActions();
  const still = word === 'frozen' || word === 'hibernated';
  return (
    <div className={css.asleep} role="status">
      <p className={css.word} data-word={word}>{t(`scene.${word}`)}</p>
      {word === 'waking' && <Loader type="dots" color="gray" aria-hidden />}
      {still && <p className={css.help}>{mayWake ? t(word === 'frozen' ? 'scene.pressKey' : 'scene.pressKeyHibernated') : t('scene.notYours')}</p>}
      {still && session.permissions.manage && <Button className={css.wake} variant="default" onClick={() => void act('wake', session)}>{t('scene.wake')}</Button>}
    </div>
  );
}

function Over({ session, why, text, onAgain }: { session: Session; why: Extract<Scene, { is: 'over' }>['why']; text: string; onAgain: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  const reason = isUnshared(session, why, text) ? 'unshared' : why === 'failed' ? 'refused' : why;
  const help: Record<typeof reason, string> = {
    left: t('over.leftHelp'),
    login: t('over.loginHelp'),
    revoked: t('over.revokedHelp'),
    gone: t('over.goneHelp'),
    unshared: t('over.unsharedHelp', { owner: ownerOf(session) }),
    crowded: t('over.crowdedHelp'),
    protocol: text,
    refused: text,
    watermark: t('over.watermarkHelp'),
  };
  const signIn = () => {
    queries.removeQueries({ queryKey: meQuery.queryKey });
    void navigate(loginAddress(location.pathname, 'ended'), { replace: true });
  };
  return (
    <div className={css.card} role="alertdialog" aria-labelledby="over-title">
      <h2 id="over-title">{t(`over.${reason}`)}</h2>
      <p>{help[reason]}</p>
      <div className={css.ways}>
        {why === 'login' ? (
          <Button onClick={signIn} data-autofocus>{t('over.signIn')}</Button>
        ) : (
          why !== 'gone' && reason !== 'unshared' && <Button onClick={onAgain} data-autofocus>{t('over.again')}</Button>
        )}
        {session.share ? (
          <Button component={Link} to="/shared" variant={reason === 'unshared' ? 'filled' : 'default'}>{t('over.shared')}</Button>
        ) : (
          <Button component={Link} to="/sessions" variant="default">{t('over.sessions')}</Button>
        )}
      </div>
    </div>
  );
}
