import { tOr } from '@/i18n';
import css from '../pages/ProtectionPage.module.css';

/** A severity or a state, with its dot. */
export function Grade({ of, value }: { of: 'severity' | 'status' | 'approval'; value: string }) {
  return (
    <span className={css.grade} data-grade={value}>
      <i aria-hidden />
      {tOr(of === 'approval' ? `approval.status.${value}` : `dlp.${of}.${value}`, value)}
    </span>
  );
}
