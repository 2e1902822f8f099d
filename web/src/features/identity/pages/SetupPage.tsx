import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { toProblem } from '@/api/problem';
import { t } from '@/i18n';
import { setupQuery } from '@/model/me';
import { problemText } from '@/ui/problemText';
import { usePageTitle } from '@/ui/usePageTitle';
import { Entrance } from '../components/Entrance';
import { NewPassword } from '../components/NewPassword';
import { useSetup } from '../identity.queries';
import { shortestPassword } from '../password';

const empty = { code: '', username: '', displayName: '', email: '', password: '', repeat: '' };

export function SetupPage() {
  usePageTitle(t('setup.title'));
  const [form, setForm] = useState(() => ({ ...empty, code: new URLSearchParams(location.search).get('code') ?? '' }));
  const state = useQuery(setupQuery);
  const setup = useSetup();
  const navigate = useNavigate();
  const set = (change: Partial<typeof empty>) => setForm((old) => ({ ...old, ...change }));
  const problem = setup.isError ? toProblem(setup.error) : null;
  const wrongCode = problem !== null && (problem.issueOf('code') !== undefined || problem.code.includes('CODE'));
  const ready = form.code !== '' && form.username !== '' && form.password.length >= shortestPassword && form.password === form.repeat;

  // The wizard ends in the catalogue: the next thing to do is to launch something.
  const submit = () =>
    setup.mutate(
      { code: form.code.trim(), username: form.username.trim(), password: form.password, display_name: form.displayName.trim() || form.username.trim(), email: form.email.trim() || null },
      { onSuccess: () => void navigate('/catalogue', { replace: true }) },
    );

  if (state.data?.needed === false && !setup.isPending && !setup.isSuccess) {
    return (
      <Entrance title={t('setup.title')} lead={t('setup.done')}>
        <Button component={Link} to="/login" fullWidth>{t('setup.toLogin')}</Button>
      </Entrance>
    );
  }

  return (
    <Entrance title={t('setup.title')} lead={t('setup.lead')}>
      <form onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <Stack gap="md">
          {problem && problem.fields.length === 0 && !wrongCode && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
          <TextInput label={t('setup.code')} description={t('setup.codeHelp')} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required autoFocus
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', letterSpacing: '0.06em' } }}
            value={form.code} onChange={(e) => set({ code: e.currentTarget.value })} error={wrongCode ? t('setup.wrongCode') : undefined} />
          <TextInput label={t('setup.displayName')} autoComplete="name" value={form.displayName} onChange={(e) => set({ displayName: e.currentTarget.value })}
            error={problem?.issueOf('display_name')} />
          <TextInput label={t('login.username')} autoComplete="username" autoCapitalize="none" spellCheck={false} required
            value={form.username} onChange={(e) => set({ username: e.currentTarget.value })} error={problem?.issueOf('username')} />
          <TextInput label={t('setup.email')} type="email" autoComplete="email" value={form.email} onChange={(e) => set({ email: e.currentTarget.value })}
            error={problem?.issueOf('email')} />
          <NewPassword label={t('login.password')} repeatLabel={t('setup.repeat')} value={form.password} repeat={form.repeat}
            onValue={(password) => set({ password })} onRepeat={(repeat) => set({ repeat })} issue={problem?.issueOf('password')} />
          <Button type="submit" size="md" fullWidth loading={setup.isPending} disabled={!ready}>{t('setup.submit')}</Button>
          <Text size="xs" c="dimmed" ta="center">{state.data?.version}</Text>
        </Stack>
      </form>
    </Entrance>
  );
}
