import { Button, Group, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '@/i18n';
import { toast } from '@/ui/toast';
import type { Stream } from '../useStream';

/** Both clipboards by hand, and the switch that keeps them the same. */
export function ClipboardPanel({ stream, sync, onSync }: { stream: Stream; sync: boolean; onSync: (on: boolean) => void }) {
  const { engine, clipboard, policy } = stream;
  const [text, setText] = useState('');
  const [blocked, setBlocked] = useState(false);
  const by = policy.closedBy.length > 0 ? ` (${policy.closedBy.join(', ')})` : '';

  const turn = async (on: boolean) => {
    setBlocked(false);
    if (on && policy.clipboardIn) {
      // Asking now, by a click, is the only moment at which the browser shows its question.
      const allowed = await navigator.clipboard?.readText().then(() => true, () => false);
      if (!allowed) {
        setBlocked(true);
        return;
      }
    }
    onSync(on);
  };

  return (
    <Stack gap="md">
      <Switch label={t('clip.sync')} description={blocked ? t('clip.blocked') : t('clip.syncHelp')} checked={sync} onChange={(e) => void turn(e.currentTarget.checked)} />
      {policy.clipboardOut ? (
        <>
          <Textarea label={t('clip.fromSession')} description={t('clip.fromSessionHelp')} value={clipboard} readOnly autosize minRows={3} maxRows={8} />
          <Button variant="default" disabled={clipboard === ''} onClick={() => void navigator.clipboard?.writeText(clipboard).then(() => toast(t('action.copied')), () => setBlocked(true))}>{t('clip.copy')}</Button>
        </>
      ) : (
        <Text size="sm" c="dimmed">{t('clip.outOff')}{by}</Text>
      )}
      {policy.clipboardIn ? (
        <>
          <Textarea label={t('clip.toSession')} description={t('clip.toSessionHelp')} value={text} onChange={(e) => setText(e.currentTarget.value)} autosize minRows={3} maxRows={8} />
          <Group gap="sm" grow>
            <Button disabled={text === ''} onClick={() => { engine?.paste(text); toast(t('clip.sent')); }}>{t('clip.send')}</Button>
            <Button variant="default" disabled={text === ''} title={t('clip.typeHelp')} onClick={() => { engine?.type(text); engine?.focus(); }}>{t('clip.type')}</Button>
          </Group>
        </>
      ) : (
        <Text size="sm" c="dimmed">{t('clip.inOff')}{by}</Text>
      )}
    </Stack>
  );
}
