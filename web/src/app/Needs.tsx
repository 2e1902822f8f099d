import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import { may, useMe } from '@/model/me';
import { EmptyView } from '@/ui/views';

/** The server refuses anyway; this says why before anything is asked. */
export function Needs({ permission, children }: { permission: string | string[]; children: ReactNode }) {
  const me = useMe();
  if ([permission].flat().some((name) => may(me, name))) return children;
  return <EmptyView page icon={<IconLock size={28} stroke={1.5} />} title={t('error.denied')} help={t('error.deniedHelp')} />;
}
