import { Alert, Button, Group, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { RecordingPolicy } from '@/api/types';
import { t } from '@/i18n';
import { TeamsField } from '@/parts/TeamsField';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toast';
import { policiesQuery } from '../recordings.queries';
import { WindowsField, type PolicyWindow } from './WindowsField';

const blank = {
  name: '', priority: 100, enabled: true, apply_to: { all: false, users: [] as string[], templates: [] as string[], teams: [] as string[] }, frames_per_second: 10, retention_days: 30,
  allow_user_playback: false, allow_user_download: false, require_reason: false, silent: false,
  require_approval: false, notify_on_recording: false, windows: [] as PolicyWindow[], time_zone: 'UTC',
};
type Form = typeof blank;

export function PolicyForm({ policy, onDone }: { policy: RecordingPolicy | null; onDone: () => void }) {
  const queries = useQueryClient();
  const [form, setForm] = useState<Form>(() => {
    if (!policy) return blank;
    const { id: _id, updated_at: _at, version: _version, ...rest } = policy;
    return rest;
  });
  const save = useMutation({
    mutationFn: (body: Form) => (policy ? ok(api.PATCH('/api/v1/recording-policies/{policy}', { params: { path: { policy: policy.id } }, body, headers: { 'If-Match': `"${policy.version}"` } })) : ok(api.POST('/api/v1/recording-policies', { body }))),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: policiesQuery.queryKey });
      toast(t('policy.saved'));
      onDone();
    },
  });
  const problem = save.isError ? toProblem(save.error) : null;
  const set = (change: Partial<Form>) => setForm((old) => ({ ...old, ...change }));
  const reach = (change: Partial<Form['apply_to']>) => setForm((old) => ({ ...old, apply_to: { ...old.apply_to, ...change } }));
  const flag = (name: 'enabled' | 'allow_user_playback' | 'allow_user_download' | 'require_reason' | 'require_approval' | 'notify_on_recording' | 'silent') => (
    <Switch label={t(`policy.field.${name}`)} checked={form[name]} error={problem?.issueOf(name)} onChange={(e) => set({ [name]: e.currentTarget.checked })} />
  );
  const count = (name: 'priority' | 'frames_per_second' | 'retention_days', min: number, max: number) => (
    <NumberInput label={t(`policy.field.${name}`)} value={form[name]} min={min} max={max} allowDecimal={false} error={problem?.issueOf(name)} onChange={(value) => typeof value === 'number' && set({ [name]: value })} />
  );
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate(form); }}>
      <Stack gap="md">
        {problem && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('policy.field.name')} required maxLength={100} value={form.name} error={problem?.issueOf('name')} onChange={(e) => set({ name: e.currentTarget.value })} />
        <Switch label={t('policy.all')} checked={form.apply_to.all} onChange={(e) => reach({ all: e.currentTarget.checked })} />
        {!form.apply_to.all && (
          <>
            <TagsInput label={t('policy.field.users')} value={form.apply_to.users} onChange={(users) => reach({ users })} />
            <TeamsField value={form.apply_to.teams} onChange={(teams) => reach({ teams })} error={problem?.fields.find((f) => f.field.startsWith('apply_to.teams'))?.issue} />
            <TagsInput label={t('policy.field.templates')} value={form.apply_to.templates} onChange={(templates) => reach({ templates })} />
          </>
        )}
        {count('priority', 0, 1000)}
        {count('frames_per_second', 1, 30)}
        {count('retention_days', 1, 36_500)}
        {flag('enabled')}
        {flag('allow_user_playback')}
        {flag('allow_user_download')}
        {flag('require_reason')}
        {flag('require_approval')}
        <WindowsField windows={form.windows} zone={form.time_zone} error={problem?.fields.find((f) => f.field.startsWith('windows') || f.field === 'time_zone')?.issue}
          onChange={(windows, time_zone) => set({ windows, time_zone })} />
        {flag('notify_on_recording')}
        {flag('silent')}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>{t('action.cancel')}</Button>
          <Button type="submit" loading={save.isPending}>{t('action.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
