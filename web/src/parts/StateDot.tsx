import type { Phase } from '@/api/types';
import { t } from '@/i18n';
import { isMoving, toneOf } from '@/model/phase';
import css from './StateDot.module.css';

/** State is always a dot and a word, never colour alone. */
export function StateDot({ phase, size }: { phase: Phase; size?: 'small' }) {
  return (
    <span className={css.state} data-tone={toneOf(phase)} data-moving={isMoving(phase) || undefined} data-size={size}>
      <i className={css.dot} aria-hidden />
      {t(`phase.${phase}`)}
    </span>
  );
}
