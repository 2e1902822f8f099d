import { Alert, Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useLocation, useNavigate } from 'react-router';
import { toProblem } from '@/api/problem';
import { t } from '@/i18n';
import { setupQuery } from '@/model/me';
import { returnAddress } from '@/model/returnAddress';
import { problemText } from '@/ui/problemText';
import { usePageTitle } from '@/ui/usePageTitle';
import { Entrance } from '../components/Entrance';
import { useLogin } from '../identity.queries';

function refusal(error: unknown): string {
  const problem = toProblem(error);
  if (problem.code === 'ACCOUNT_LOCKED') return t('login.locked');
  if (problem.status === 429) return problem.retryAfterSeconds ? t('login.tooMany', { seconds: problem.retryAfterSeconds }) : t('login.tooManySoon');
  return problem.status === 401 ? t('login.refused') : problemText(problem);
}

export function LoginPage() {
  usePageTitle(t('login.title'));
  const [form, setForm] = useState({ username: '', password: '', remember: false });
  const login = useLogin();
  const navigate = useNavigate();
  const location = useLocation();
  const setup = useQuery(setupQuery);
  const target = returnAddress(location.search);
  const ended = new URLSearchParams(location.search).get('reason') === 'ended';

  if (setup.data?.needed) return <Navigate to="/setup" replace />;

  const submit = () => login.mutate(form, { onSuccess: () => void navigate(target, { replace: true }) });

  return (
    <Entrance title={t('login.title')} lead={t('login.lead')}>
      <form onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <Stack gap="md">
          {ended && !login.isError && <Alert color="accent" variant="light">{t('login.expired')}</Alert>}
          {login.isError && <Alert color="red" variant="light" role="alert">{refusal(login.error)}</Alert>}
          <TextInput label={t('login.username')} autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus size="md"
            value={form.username} onChange={(e) => setForm({ ...form, username: e.currentTarget.value })} />
          <PasswordInput label={t('login.password')} autoComplete="current-password" required size="md"
            value={form.password} onChange={(e) => setForm({ ...form, password: e.currentTarget.value })} />
          <Checkbox label={t('login.remember')} checked={form.remember} onChange={(e) => setForm({ ...form, remember: e.currentTarget.checked })} />
          <Button type="submit" size="md" fullWidth loading={login.isPending}>{t('login.submit')}</Button>
        </Stack>
      </form>
    </Entrance>
  );
}
