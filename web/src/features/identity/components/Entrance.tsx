import { Alert, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import { Brand } from '@/ui/Brand';
import css from './Entrance.module.css';

/** The frame of the pages before the login. */
export function Entrance({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className={css.page}>
      <main className={css.card}>
        <div className={css.mark}><Brand size={44} /></div>
        <Title order={1} size="1.5rem" ta="center">{title}</Title>
        <Text c="dimmed" ta="center" mb="md">{lead}</Text>
        {!window.isSecureContext && <Alert color="amber" mb="md">{t('app.insecure')}</Alert>}
        {children}
      </main>
    </div>
  );
}
