import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import { t } from '@/i18n';
import { meQuery } from '@/model/me';
import { problemText } from '@/ui/problemText';
import { shortestPassword } from '../password';
import { NewPassword } from './NewPassword';

const empty = { current: '', next: '', repeat: '' };

/** The current password once, the new one twice. */
export function ChangePassword({ submit, onDone }: { submit: string; onDone: () => void }) {
  const [form, setForm] = useState(empty);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/auth/password', { body: { current_password: form.current, new_password: form.next } })),
    onSuccess: async () => {
      setForm(empty);
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      onDone();
    },
  });
  const problem = change.isError ? toProblem(change.error) : null;
  const ready = form.current !== '' && form.next.length >= shortestPassword && form.next === form.repeat;
  return (
    <form onSubmit={(e) => { e.preventDefault(); change.mutate(); }}>
      <Stack gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <PasswordInput label={t('prefs.currentPassword')} autoComplete="current-password" required value={form.current} onChange={(e) => setForm({ ...form, current: e.currentTarget.value })}
          error={problem?.issueOf('current_password') ? t('prefs.wrongPassword') : undefined} />
        <NewPassword label={t('prefs.newPassword')} repeatLabel={t('prefs.repeatPassword')} value={form.next} repeat={form.repeat}
          onValue={(next) => setForm({ ...form, next })} onRepeat={(repeat) => setForm({ ...form, repeat })} issue={problem?.issueOf('new_password')} />
        <Button type="submit" loading={change.isPending} disabled={!ready} w="fit-content">{submit}</Button>
      </Stack>
    </form>
  );
}
