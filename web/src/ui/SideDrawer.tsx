import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import css from './SideDrawer.module.css';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: number;
  children: ReactNode;
}

/** Details beside the list they belong to; on a phone over it. */
export function SideDrawer({ opened, onClose, title, size = 480, children }: Props) {
  return (
    <Drawer.Root opened={opened} onClose={onClose} size={size} position="right">
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Not a <header>: a page has one banner. */}
        <div className={css.head}>
          <Drawer.Title className={css.title}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={t('action.close')} />
        </div>
        <Drawer.Body className={css.body}>{opened && children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
