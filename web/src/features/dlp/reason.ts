import type { DlpViolation } from '@/api/types';
import { t, tOr } from '@/i18n';

/** Why, in words; what was found by the name of its detector. */
export const reasonOf = ({ reason, finding }: Pick<DlpViolation, 'reason' | 'finding'>): string =>
  t(`guard.reason.${reason ?? 'audited'}`, { finding: finding ? reason === 'tampered' ? tOr(`guard.tamper.${finding}`, finding) : tOr(`dlp.detector.${finding}`, finding) : '' });
