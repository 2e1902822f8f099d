import { Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { t } from '@/i18n';
import { Dialog } from '@/ui/Dialog';

export interface Secret {
  name: string;
  password: string;
}

/** Shown once; nobody, the administrator included, can look it up later. */
export function TemporaryPassword({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  return (
    <Dialog opened={secret !== null} onClose={onClose} title={t('users.tempTitle')}>
      <Text c="dimmed" mb="md">{t('users.tempBody', { name: secret?.name ?? '' })}</Text>
      <Code block fz="lg" ta="center" data-testid="temporary-password">{secret?.password}</Code>
      <Group mt="lg" justify="flex-end">
        <CopyButton value={secret?.password ?? ''}>
          {({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? t('action.copied') : t('action.copy')}</Button>}
        </CopyButton>
        <Button onClick={onClose}>{t('action.close')}</Button>
      </Group>
    </Dialog>
  );
}
