import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './DenseTable.module.css';

/** 40 px rows, the head stays, and a narrow screen scrolls the table and not the page. */
export function DenseTable({ minWidth, children, label }: { minWidth: number; children: ReactNode; label?: string }) {
  return (
    <div className={css.frame} tabIndex={0} role="group" {...(label ? { 'aria-label': label } : {})}>
      <Table className={css.table} highlightOnHover miw={minWidth}>{children}</Table>
    </div>
  );
}
