import { Alert, Button, Group, MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { api, isProblem, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { Account } from '@/api/types';
import { t, tOr } from '@/i18n';
import { may, permissions, useMe } from '@/model/me';
import { nameOf } from '@/model/people';
import { teamsOfQuery } from '@/model/teams';
import { Facts } from '@/parts/Facts';
import { TimeAgo } from '@/parts/TimeAgo';
import { problemText } from '@/ui/problemText';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast } from '@/ui/toast';
import { EmptyView, ErrorView } from '@/ui/views';
import { rolesQuery, userKeys, userQuery, useUserActions } from '../users.queries';
import { AccountState } from './AccountState';
import type { Secret } from './TemporaryPassword';

interface Props {
  id: string | null;
  onClose: () => void;
  onSecret: (secret: Secret) => void;
}

/** One account: who, what they may do, and everything an administrator can do about it. */
export function UserDrawer({ id, onClose, onSecret }: Props) {
  const query = useQuery({ ...userQuery(id ?? ''), enabled: id !== null });
  return (
    <SideDrawer opened={id !== null} onClose={onClose} title={query.data ? nameOf(query.data) : t('users.title')}>
      {query.data ? (
        <Details key={query.data.id} user={query.data} onClose={onClose} onSecret={onSecret} />
      ) : isProblem(query.error, 404) ? (
        <EmptyView title={t('users.missing')} />
      ) : query.isError ? (
        <ErrorView compact error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack><Skeleton height={120} /><Skeleton height={200} /></Stack>
      )}
    </SideDrawer>
  );
}

function Details({ user, onClose, onSecret }: { user: Account; onClose: () => void; onSecret: (secret: Secret) => void }) {
  const me = useMe();
  const self = me.user.id === user.id;
  const manages = may(me, 'users.manage');
  const actions = useUserActions((name, password) => onSecret({ name, password }), onClose);
  return (
    <Stack gap="lg">
      {user.must_change_password && <Alert color="amber" variant="light">{t('users.mustChange')}</Alert>}
      <Facts rows={[
        [t('users.col.username'), self ? `${user.username} (${t('users.you')})` : user.username],
        [t('users.col.state'), <AccountState key="s" state={user.state} />],
        ...(user.lock_reason ? [[t('users.lock'), t('users.lockReason', { text: user.lock_reason })] as [string, string]] : []),
        ...(may(me, permissions.teams) ? [[t('teams.of'), <TeamsOf key="t" user={user.id} />] as [string, ReactNode]] : []),
        [t('users.col.lastLogin'), <TimeAgo key="l" time={user.last_login_at} />],
        [t('users.col.created'), <TimeAgo key="c" time={user.created_at} />],
      ]} />
      {manages && <EditForm user={user} />}
      <Group gap="sm">
        {may(me, permissions.allSessions) && <Button component={Link} to={`/admin/sessions?owner=${user.id}`} variant="default">{t('users.sessions')}</Button>}
        {may(me, permissions.audit) && <Button component={Link} to={`/admin/audit?user=${user.id}`} variant="default">{t('users.activity')}</Button>}
      </Group>
      {manages && !self && (
        <Group gap="sm">
          <Button variant="default" onClick={() => void actions.reset(user)}>{t('users.reset')}</Button>
          <Button variant="default" onClick={() => void actions.logout(user)}>{t('users.logout')}</Button>
          {user.state === 'locked'
            ? <Button variant="default" onClick={() => void actions.unlock(user)}>{t('users.unlock')}</Button>
            : <Button variant="default" color="red" onClick={() => void actions.lock(user)}>{t('users.lock')}</Button>}
          <Button variant="subtle" color="red" onClick={() => void actions.remove(user)}>{t('users.delete')}</Button>
        </Group>
      )}
    </Stack>
  );
}

function TeamsOf({ user }: { user: string }) {
  const { data } = useQuery(teamsOfQuery(user));
  if (!data) return null;
  if (data.length === 0) return t('teams.none');
  return data.map((team, i) => <span key={team.id}>{i > 0 && ', '}<Link to={`/admin/teams/${team.id}`}>{team.name}</Link></span>);
}

function EditForm({ user }: { user: Account }) {
  const queries = useQueryClient();
  const roles = useQuery(rolesQuery);
  const [form, setForm] = useState({ displayName: user.display_name, email: user.email ?? '', roles: user.roles });
  const save = useMutation({
    mutationFn: () =>
      ok(api.PATCH('/api/v1/users/{id}', {
        params: { path: { id: user.id } },
        body: {
          ...(form.displayName !== user.display_name && { display_name: form.displayName }),
          ...(form.email !== (user.email ?? '') && { email: form.email }),
          ...(form.roles.join() !== user.roles.join() && { roles: form.roles }),
        },
      })),
    onSuccess: () => {
      toast(t('users.saved', { name: form.displayName || user.username }));
      return queries.invalidateQueries({ queryKey: userKeys.all });
    },
  });
  const problem = save.isError ? toProblem(save.error) : null;
  const known = roles.data?.items.map((role) => role.name) ?? user.roles;
  return (
    <form onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
      <Stack gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('users.col.name')} value={form.displayName} onChange={(e) => setForm({ ...form, displayName: e.currentTarget.value })} error={problem?.issueOf('display_name')} />
        <TextInput label={t('users.email')} type="email" value={form.email} onChange={(e) => setForm({ ...form, email: e.currentTarget.value })} error={problem?.issueOf('email')} />
        <MultiSelect label={t('users.roles')} description={t('users.rolesHelp')} value={form.roles} onChange={(value) => setForm({ ...form, roles: value })} error={problem?.issueOf('roles')}
          data={known.map((role) => ({ value: role, label: tOr(`role.${role}`, role) }))} />
        <Text size="xs" c="dimmed">{form.roles.map((name) => roles.data?.items.find((role) => role.name === name)?.sentence).filter(Boolean).join(' ')}</Text>
        <Button type="submit" w="fit-content" loading={save.isPending} disabled={form.roles.length === 0}>{t('action.save')}</Button>
      </Stack>
    </form>
  );
}
