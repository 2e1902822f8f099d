import { Loader, Progress } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { Session } from '@/api/types';
import { tOr } from '@/i18n';
import { formatMs } from '@/model/format';
import { stepsOf, type Step } from '@/model/launchProgress';
import css from './LaunchSteps.module.css';

/** The four named steps of a launch, ticking. A running session without a picture is still connecting. */
export function LaunchSteps({ session }: { session: Session }) {
  const steps = session.phase === 'running' ? lastOnly : stepsOf(session.progress);
  return (
    <ol className={css.steps} aria-live="polite">
      {steps.map((step) => {
        // Most steps are over before a percentage says anything.
        const percent = step.state === 'active' && step.percent ? step.percent : null;
        return (
        <li key={step.name} className={css.step} data-state={step.state}>
          <span className={css.mark}><Mark state={step.state} /></span>
          <span className={css.text}>
            {tOr(`step.${step.name}`, step.name)}
            <span className="visually-hidden">: {tOr(`step.state.${step.state}`, step.state)}</span>
            {step.state === 'active' && step.text && <small>{step.text}</small>}
          </span>
          <span className={css.figure}>
            {percent !== null ? `${Math.round(percent)} %` : step.state === 'done' && step.ms !== null ? formatMs(step.ms) : ''}
          </span>
          {percent !== null && <Progress className={css.bar} value={percent} size={3} aria-label={tOr(`step.${step.name}`, step.name)} />}
        </li>
        );
      })}
    </ol>
  );
}

const lastOnly: Step[] = stepsOf(null).map((step) => ({ ...step, state: step.name === 'connect' ? 'active' : 'done' }));

function Mark({ state }: { state: Step['state'] }) {
  if (state === 'done') return <IconCheck size={16} stroke={2.4} aria-hidden />;
  if (state === 'failed') return <IconX size={16} stroke={2.4} aria-hidden />;
  if (state === 'active') return <Loader size={14} aria-hidden />;
  return <i className={css.waits} aria-hidden />;
}
