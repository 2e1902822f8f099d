import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '@/i18n';
import { Dialog } from '@/ui/Dialog';

interface Props {
  opened: boolean;
  title: string;
  action: string;
  before?: string;
  onClose: () => void;
  /** Resolves to whether it went well; then the dialog closes. */
  onName: (name: string) => Promise<boolean>;
}

/** Asks for one name. */
export function NameDialog({ opened, title, action, before = '', onClose, onName }: Props) {
  const [name, setName] = useState(before);
  const [busy, setBusy] = useState(false);
  const wrong = name.includes('/') || name === '.' || name === '..';
  const submit = async () => {
    setBusy(true);
    const done = await onName(name);
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <form onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        <TextInput label={t('files.name')} data-autofocus required maxLength={255} value={name} onChange={(e) => setName(e.currentTarget.value)} error={wrong ? t('files.badName') : undefined} />
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={name.trim() === '' || wrong || name === before}>{action}</Button>
        </Group>
      </form>
    </Dialog>
  );
}
