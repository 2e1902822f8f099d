import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import css from './SideDrawer.module.css';

// Above a drawer (200), which may be what asks; below notifications (400).
const above = 300;

/** One question or one short form over the page. */
export function Dialog({ opened, onClose, title, children }: { opened: boolean; onClose: () => void; title: string; children: ReactNode }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered zIndex={above}>
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content radius="lg">
        <div className={css.head}>
          <Modal.Title className={css.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('action.close')} />
        </div>
        <Modal.Body px="md" pb="md" pt={0}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
