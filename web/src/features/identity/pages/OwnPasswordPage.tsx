import { t } from '@/i18n';
import { usePageTitle } from '@/ui/usePageTitle';
import { ChangePassword } from '../components/ChangePassword';
import { Entrance } from '../components/Entrance';

/** After a login with a temporary password nothing else is possible until there is an own one. */
export function OwnPasswordPage() {
  usePageTitle(t('own.title'));
  return (
    <Entrance title={t('own.title')} lead={t('own.lead')}>
      <ChangePassword submit={t('own.submit')} onDone={() => undefined} />
    </Entrance>
  );
}
