import { Alert, Button, Group, MultiSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import { t, tOr } from '@/i18n';
import { nameOf } from '@/model/people';
import { Dialog } from '@/ui/Dialog';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toast';
import { rolesQuery, userKeys } from '../users.queries';
import type { Secret } from './TemporaryPassword';

const empty = { username: '', displayName: '', email: '', password: '', roles: ['user'] };

export function NewUser({ opened, onClose, onSecret }: { opened: boolean; onClose: () => void; onSecret: (secret: Secret) => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t('users.new')}>
      {opened && <Form onClose={onClose} onSecret={onSecret} />}
    </Dialog>
  );
}

function Form({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: Secret) => void }) {
  const [form, setForm] = useState(empty);
  const queries = useQueryClient();
  const roles = useQuery(rolesQuery);
  const set = (change: Partial<typeof empty>) => setForm((old) => ({ ...old, ...change }));
  const create = useMutation({
    mutationFn: () =>
      ok(api.POST('/api/v1/users', {
        body: {
          username: form.username.trim(),
          roles: form.roles,
          ...(form.displayName.trim() && { display_name: form.displayName.trim() }),
          ...(form.email.trim() && { email: form.email.trim() }),
          ...(form.password && { password: form.password }),
        },
      })),
    onSuccess: ({ user, temporary_password: password }) => {
      void queries.invalidateQueries({ queryKey: userKeys.all });
      const name = nameOf(user);
      toast(t('users.created', { name }));
      onClose();
      if (password) onSecret({ name, password });
    },
  });
  const problem = create.isError ? toProblem(create.error) : null;
  return (
    <form onSubmit={(e) => { e.preventDefault(); create.mutate(); }}>
      <Stack gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('users.col.username')} required data-autofocus autoCapitalize="none" spellCheck={false} autoComplete="off" value={form.username} onChange={(e) => set({ username: e.currentTarget.value })} error={problem?.issueOf('username')} />
        <TextInput label={t('users.col.name')} autoComplete="off" value={form.displayName} onChange={(e) => set({ displayName: e.currentTarget.value })} error={problem?.issueOf('display_name')} />
        <TextInput label={t('users.email')} type="email" autoComplete="off" value={form.email} onChange={(e) => set({ email: e.currentTarget.value })} error={problem?.issueOf('email')} />
        <MultiSelect label={t('users.roles')} description={t('users.rolesHelp')} value={form.roles} onChange={(value) => set({ roles: value })} error={problem?.issueOf('roles')}
          data={roles.data?.items.map((role) => ({ value: role.name, label: tOr(`role.${role.name}`, role.name) })) ?? [{ value: 'user', label: t('role.user') }]} />
        <PasswordInput label={t('users.password')} description={t('users.passwordHelp')} autoComplete="new-password" value={form.password} onChange={(e) => set({ password: e.currentTarget.value })} error={problem?.issueOf('password')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" loading={create.isPending} disabled={form.username.trim() === '' || form.roles.length === 0}>{t('users.new')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
