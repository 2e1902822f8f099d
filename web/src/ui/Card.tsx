import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './Card.module.css';

/** A part of a page with a name. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.card}>
      <div className={css.head}>
        <Title order={2} size="h3">{title}</Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
