import { Alert, Button, Group, Select, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { LaunchApproval } from '@/api/types';
import { t } from '@/i18n';
import { formatExact } from '@/model/format';
import { launchKeys } from '@/model/launchRules';
import { Facts } from '@/parts/Facts';
import { problemText } from '@/ui/problemText';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast } from '@/ui/toast';
import { Grade } from './Grade';

const hours = [1, 4, 8, 24, 72, 168] as const;

export function ApprovalDrawer({ approval, mayDecide, onClose }: { approval: LaunchApproval | null; mayDecide: boolean; onClose: () => void }) {
  return (
    <SideDrawer opened={approval !== null} onClose={onClose} title={t('approvals.one')}>
      {approval && <Details key={approval.id} approval={approval} mayDecide={mayDecide} onClose={onClose} />}
    </SideDrawer>
  );
}

function Details({ approval, mayDecide, onClose }: { approval: LaunchApproval; mayDecide: boolean; onClose: () => void }) {
  return (
    <Stack gap="lg">
      <Facts rows={[
        [t('approvals.col.who'), approval.user.username],
        [t('approvals.col.what'), approval.template_title],
        [t('approvals.col.why'), approval.reason],
        [t('dlp.vcol.policy'), approval.policy_name],
        [t('approvals.col.asked'), formatExact(approval.asked_at)],
        [t('approvals.col.status'), <Grade key="g" of="approval" value={approval.status} />],
        [t(approval.status === 'pending' ? 'approvals.waitsUntil' : 'approvals.goodUntil'), formatExact(approval.expires_at)],
        ...(approval.decided_by ? [[t('approvals.decidedBy'), `${approval.decided_by.username}, ${formatExact(approval.decided_at ?? '')}`] as [string, string]] : []),
        ...(approval.answer ? [[t('approvals.answer'), approval.answer] as [string, string]] : []),
        ...(approval.session ? [[t('dlp.fact.session'), <Link key="s" to={`/sessions/${approval.session}`}>{approval.session}</Link>] as [string, React.ReactNode]] : []),
      ]} />
      {approval.status === 'pending' && mayDecide && (approval.mine ? <Text c="dimmed">{t('approvals.own')}</Text> : <Decide approval={approval} onClose={onClose} />)}
    </Stack>
  );
}

function Decide({ approval, onClose }: { approval: LaunchApproval; onClose: () => void }) {
  const [text, setText] = useState('');
  const [lasts, setLasts] = useState('24');
  const [once, setOnce] = useState(true);
  const queries = useQueryClient();
  const path = { params: { path: { id: approval.id } } };
  const decide = useMutation({
    mutationFn: (grant: boolean) =>
      grant
        ? ok(api.POST('/api/v1/launch-approvals/{id}/grant', { ...path, body: { hours: Number(lasts), once, ...(text.trim() && { text: text.trim() }) } }))
        : ok(api.POST('/api/v1/launch-approvals/{id}/refuse', { ...path, body: { text: text.trim() } })),
    onSuccess: (_, grant) => {
      toast(t(grant ? 'approvals.grantedToast' : 'approvals.refusedToast', { who: approval.user.username }));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: launchKeys.all }),
  });
  const problem = decide.isError ? toProblem(decide.error) : null;
  return (
    <Stack gap="md">
      {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
      <Textarea label={t('approvals.text')} description={t('approvals.textHelp')} autosize minRows={2} maxRows={6} maxLength={500} value={text} onChange={(e) => setText(e.currentTarget.value)} error={problem?.issueOf('text')} />
      <Select label={t('approvals.lasts')} allowDeselect={false} value={lasts} onChange={(value) => value && setLasts(value)} data={hours.map((n) => ({ value: String(n), label: n < 24 ? t('approvals.hours', { n }) : t('approvals.days', { n: n / 24 }) }))} />
      <Switch label={t('approvals.once')} checked={once} onChange={(e) => setOnce(e.currentTarget.checked)} />
      <Group gap="sm">
        <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>{t('approvals.grant')}</Button>
        <Button variant="default" disabled={decide.isPending || text.trim() === ''} onClick={() => decide.mutate(false)}>{t('approvals.refuse')}</Button>
      </Group>
    </Stack>
  );
}
