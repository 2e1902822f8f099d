import { Progress } from '@mantine/core';
import type { Session } from '@/api/types';
import { t, tOr } from '@/i18n';
import { launchPercent } from '@/model/launchProgress';
import css from './LaunchBar.module.css';

/** One line over a picture: which step, how far. */
export function LaunchBar({ session }: { session: Session }) {
  const step = session.progress?.steps.find((s) => s.state === 'active');
  const text = session.queue_position ? t('sessions.queue', { n: session.queue_position }) : step ? tOr(`step.${step.name}`, step.name) : t(`phase.${session.phase}`);
  const percent = step?.percent ?? null;
  return (
    <div className={css.bar}>
      <span className={css.text}>
        <span className="ellipsis">{text}</span>
        {percent !== null && <span className="tnum">{Math.round(percent)} %</span>}
      </span>
      <Progress value={launchPercent(session)} size={4} animated aria-label={text} />
    </div>
  );
}
