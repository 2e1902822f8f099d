import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from './usePageTitle';
import css from './Page.module.css';

interface Props {
  title: string;
  lead?: string;
  /** The one primary action. */
  action?: ReactNode;
  /** Tables use the whole width, everything else stays readable. */
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, lead, action, wide, children }: Props) {
  usePageTitle(title);
  return (
    <div className={css.page} data-wide={wide || undefined}>
      <header className={css.head}>
        <div className={css.words}>
          <Title order={1}>{title}</Title>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}
