import { Alert, Button, Group, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { Session, SessionChange } from '@/api/types';
import { t } from '@/i18n';
import { putSession } from '@/model/sessions';
import { useSessionActions } from '@/model/sessionActions';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toast';

/** What may change while it lives. Only what was changed travels. */
export function SettingsTab({ session }: { session: Session }) {
  const queries = useQueryClient();
  const { act } = useSessionActions();
  const [form, setForm] = useState({
    name: session.name,
    tags: session.tags,
    freeze_after: session.freeze_after ?? '',
    idle_timeout: session.idle_timeout ?? '',
    max_duration: session.max_duration ?? '',
    keep_awake: session.keep_awake,
  });
  const save = useMutation({
    mutationFn: (body: SessionChange) => ok(api.PATCH('/api/v1/sessions/{id}', { params: { path: { id: session.id } }, body })),
    onSuccess: (answer) => {
      putSession(queries, answer);
      toast(t('settings.saved'));
    },
  });
  const problem = save.isError ? toProblem(save.error) : null;
  const set = (change: Partial<typeof form>) => setForm((old) => ({ ...old, ...change }));
  const duration = (field: 'freeze_after' | 'idle_timeout' | 'max_duration', label: string) => (
    <TextInput label={label} description={t('settings.durationHelp')} value={form[field]} onChange={(e) => set({ [field]: e.currentTarget.value })} error={problem?.issueOf(field)} />
  );

  const changes = (): SessionChange => ({
    ...(form.name !== session.name && { name: form.name }),
    ...(form.tags.join('\n') !== session.tags.join('\n') && { tags: form.tags }),
    ...(form.freeze_after !== (session.freeze_after ?? '') && { freeze_after: form.freeze_after }),
    ...(form.idle_timeout !== (session.idle_timeout ?? '') && { idle_timeout: form.idle_timeout }),
    ...(form.max_duration !== (session.max_duration ?? '') && { max_duration: form.max_duration }),
    ...(form.keep_awake !== session.keep_awake && { keep_awake: form.keep_awake }),
  });

  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate(changes()); }}>
      <Stack maw={480} gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('settings.name')} value={form.name} maxLength={63} onChange={(e) => set({ name: e.currentTarget.value })} error={problem?.issueOf('name')} />
        <TagsInput label={t('settings.tags')} value={form.tags} onChange={(tags) => set({ tags })} error={problem?.issueOf('tags')} />
        {duration('freeze_after', t('settings.freeze'))}
        {duration('idle_timeout', t('settings.idle'))}
        {duration('max_duration', t('settings.max'))}
        <Switch label={t('settings.keepAwake')} description={t('settings.keepAwakeHelp')} checked={form.keep_awake} onChange={(e) => set({ keep_awake: e.currentTarget.checked })} />
        <Group justify="space-between" mt="md">
          <Button type="submit" loading={save.isPending} disabled={Object.keys(changes()).length === 0}>{t('action.save')}</Button>
          <Button variant="subtle" color="red" onClick={() => void act('end', session)}>{t('settings.danger')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
