import type { Account } from '@/api/types';
import { t } from '@/i18n';
import css from './AccountState.module.css';

export function AccountState({ state }: { state: Account['state'] }) {
  return (
    <span className={css.state} data-state={state}>
      <i aria-hidden />
      {t(`users.state.${state}`)}
    </span>
  );
}
