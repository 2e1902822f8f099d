import { Alert, Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { Team } from '@/api/types';
import { t } from '@/i18n';
import { teamKeys } from '@/model/teams';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toast';

/** A team's name and what it is for; a new one where there is none yet. */
export function TeamForm({ team, onDone, onCancel }: { team: Team | null; onDone?: (team: Team) => void; onCancel?: () => void }) {
  const [form, setForm] = useState({ name: team?.name ?? '', description: team?.description ?? '' });
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const body = { name: form.name.trim(), description: form.description.trim() };
      return team ? ok(api.PATCH('/api/v1/teams/{team}', { params: { path: { team: team.id } }, body })) : ok(api.POST('/api/v1/teams', { body }));
    },
    onSuccess: (saved) => {
      toast(t(team ? 'teams.saved' : 'teams.created', { name: saved.name }));
      void queries.invalidateQueries({ queryKey: teamKeys.all });
      onDone?.(saved);
    },
  });
  const problem = save.isError ? toProblem(save.error) : null;
  const same = team !== null && form.name.trim() === team.name && form.description.trim() === team.description;
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
      <Stack gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('teams.col.name')} required data-autofocus={team === null || undefined} maxLength={80} value={form.name} onChange={(e) => setForm({ ...form, name: e.currentTarget.value })} error={problem?.issueOf('name')} />
        <Textarea label={t('teams.col.description')} autosize minRows={1} maxRows={4} maxLength={1000} value={form.description} onChange={(e) => setForm({ ...form, description: e.currentTarget.value })} error={problem?.issueOf('description')} />
        <Group justify={onCancel ? 'flex-end' : 'flex-start'}>
          {onCancel && <Button variant="default" onClick={onCancel}>{t('action.cancel')}</Button>}
          <Button type="submit" loading={save.isPending} disabled={form.name.trim() === '' || same}>{t(team ? 'action.save' : 'teams.new')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
