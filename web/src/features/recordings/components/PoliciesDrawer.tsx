import { ActionIcon, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import type { RecordingPolicy } from '@/api/types';
import { t, tn } from '@/i18n';
import { confirm } from '@/ui/confirm';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast, toastProblem } from '@/ui/toast';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { policiesQuery } from '../recordings.queries';
import { PolicyForm } from './PolicyForm';

/** Which sessions are recorded from their start. */
export function PoliciesDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [form, setForm] = useState<RecordingPolicy | 'new' | null>(null);
  const close = () => {
    setForm(null);
    onClose();
  };
  return (
    <SideDrawer opened={opened} onClose={close} title={t('policy.title')}>
      {form ? <PolicyForm policy={form === 'new' ? null : form} onDone={() => setForm(null)} /> : <List onOpen={setForm} />}
    </SideDrawer>
  );
}

function List({ onOpen }: { onOpen: (policy: RecordingPolicy | 'new') => void }) {
  const queries = useQueryClient();
  const policies = useQuery(policiesQuery);
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: policiesQuery.queryKey }), onError: toastProblem };
  const change = useMutation({
    mutationFn: ({ id, enabled }: RecordingPolicy) => ok(api.PATCH('/api/v1/recording-policies/{policy}', { params: { path: { policy: id } }, body: { enabled } })),
    ...settled,
  });
  const remove = useMutation({ mutationFn: (policy: string) => ok(api.DELETE('/api/v1/recording-policies/{policy}', { params: { path: { policy } } })), ...settled, onSuccess: () => toast(t('policy.deleted')) });
  const ask = async (policy: RecordingPolicy) => {
    if (await confirm({ title: t('policy.deleteAsk', { name: policy.name }), body: t('policy.deleteBody'), action: t('rec.delete'), danger: true })) remove.mutate(policy.id);
  };
  if (policies.isPending) return <RowsSkeleton rows={3} />;
  if (!policies.data) return <ErrorView compact error={policies.error} retry={() => void policies.refetch()} />;
  const create = <Button onClick={() => onOpen('new')}>{t('policy.new')}</Button>;
  if (policies.data.length === 0) return <EmptyView title={t('policy.empty')} help={t('policy.emptyHelp')} action={create} />;
  return (
    <Stack>
      {policies.data.map((policy) => (
        <Group key={policy.id} justify="space-between" wrap="nowrap">
          <div>
            <Text fw={600}>{policy.name}</Text>
            <Text size="sm" c="dimmed">{reachOf(policy)}{policy.silent && `, ${t('policy.isSilent')}`}</Text>
          </div>
          <Group gap={4} wrap="nowrap">
            <Switch aria-label={t('policy.enabledOf', { name: policy.name })} checked={policy.enabled} onChange={(e) => change.mutate({ ...policy, enabled: e.currentTarget.checked })} />
            <ActionIcon variant="subtle" aria-label={t('policy.edit', { name: policy.name })} onClick={() => onOpen(policy)}><IconPencil size={18} stroke={1.6} aria-hidden /></ActionIcon>
            <ActionIcon variant="subtle" color="red" aria-label={t('policy.delete', { name: policy.name })} onClick={() => void ask(policy)}><IconTrash size={18} stroke={1.6} aria-hidden /></ActionIcon>
          </Group>
        </Group>
      ))}
      <Group>{create}</Group>
    </Stack>
  );
}

const reachOf = ({ apply_to: reach }: RecordingPolicy): string => (reach.all ? t('policy.all') : [...reach.users, ...(reach.teams.length > 0 ? [tn('teams.count', reach.teams.length)] : []), ...reach.templates].join(', '));
