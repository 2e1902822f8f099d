import { useEffect } from 'react';
import { t } from '@/i18n';

/** The tab says where it is. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t('app.name')}` : t('app.name');
  }, [title]);
}
