import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { Link } from 'react-router';
import { t } from '@/i18n';
import { usePageTitle } from '@/ui/usePageTitle';
import { EmptyView } from '@/ui/views';

export function NotFound() {
  usePageTitle(t('error.notFound'));
  return (
    <EmptyView page icon={<IconCompass size={28} stroke={1.5} />} title={t('error.notFound')} help={t('error.notFoundHelp')}
      action={<Button component={Link} to="/">{t('error.goHome')}</Button>} />
  );
}
