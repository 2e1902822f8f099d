import { Alert, Button, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { DlpViolation } from '@/api/types';
import { t } from '@/i18n';
import { formatBytes, formatExact } from '@/model/format';
import { Facts } from '@/parts/Facts';
import { problemText } from '@/ui/problemText';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast, toastProblem } from '@/ui/toast';
import { closeViolation, dlpKeys } from '../dlp.queries';
import { reasonOf } from '../reason';
import { Grade } from './Grade';

export function ViolationDrawer({ violation, mayManage, onClose }: { violation: DlpViolation | null; mayManage: boolean; onClose: () => void }) {
  return (
    <SideDrawer opened={violation !== null} onClose={onClose} title={t('dlp.violation')}>
      {violation && <Details key={violation.id} violation={violation} mayManage={mayManage} onClose={onClose} />}
    </SideDrawer>
  );
}

function Details({ violation, mayManage, onClose }: { violation: DlpViolation; mayManage: boolean; onClose: () => void }) {
  const closed = violation.status === 'resolved' || violation.status === 'false_positive';
  return (
    <Stack gap="lg">
      <Facts rows={[
        [t('dlp.vcol.time'), formatExact(violation.at)],
        [t('dlp.vcol.who'), violation.user.username],
        [t('dlp.fact.session'), <Link key="s" to={`/sessions/${violation.session}`}>{violation.session}</Link>],
        [t('dlp.fact.channel'), t(`dlp.channel.${violation.channel}`)],
        [t('dlp.fact.outcome'), t(`dlp.outcome.${violation.outcome}`)],
        [t('dlp.fact.reason'), reasonOf(violation)],
        [t('dlp.vcol.policy'), violation.policy.name],
        [t('dlp.vcol.severity'), <Grade key="g" of="severity" value={violation.policy.severity} />],
        ...(violation.file ? [[t('dlp.fact.file'), violation.file] as [string, string]] : []),
        [t('dlp.fact.size'), formatBytes(Number(violation.bytes))],
        ...(violation.format ? [[t('dlp.fact.type'), violation.format] as [string, string]] : []),
        [t('dlp.fact.times'), String(violation.times)],
        [t('dlp.vcol.status'), <Grade key="t" of="status" value={violation.status} />],
        ...(violation.resolution ? [[t('dlp.fact.resolution'), `${violation.resolution} (${violation.resolved_by?.username ?? ''})`] as [string, string]] : []),
      ]} />
      {violation.has_content && <Content id={violation.id} />}
      {mayManage && !closed && <Close violation={violation} onClose={onClose} />}
    </Stack>
  );
}

function Content({ id }: { id: string }) {
  const show = useMutation({ mutationFn: () => ok(api.GET('/api/v1/dlp/violations/{id}', { params: { path: { id } } })), onError: toastProblem });
  if (show.data) return <div><Text size="sm" fw={550} mb={4}>{t('dlp.fact.content')}</Text><Code block>{show.data.content}</Code></div>;
  return (
    <div>
      <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>{t('dlp.showContent')}</Button>
      <Text size="xs" c="dimmed" mt={4}>{t('dlp.showContentHelp')}</Text>
    </div>
  );
}

function Close({ violation, onClose }: { violation: DlpViolation; onClose: () => void }) {
  const [text, setText] = useState('');
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: (status: 'reviewed' | 'resolved' | 'false_positive') => closeViolation(violation, status, text),
    onSuccess: (_, status) => {
      toast(t(status === 'reviewed' ? 'dlp.reviewedToast' : 'dlp.closedToast'));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: dlpKeys.all }),
  });
  const problem = close.isError ? toProblem(close.error) : null;
  return (
    <Stack gap="sm">
      {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
      <Textarea label={t('dlp.resolution')} autosize minRows={2} maxRows={6} maxLength={2000} value={text} onChange={(e) => setText(e.currentTarget.value)} error={problem?.issueOf('resolution')} />
      <Group gap="sm">
        <Button loading={close.isPending} disabled={text.trim() === ''} onClick={() => close.mutate('resolved')}>{t('dlp.resolve')}</Button>
        <Button variant="default" disabled={close.isPending || text.trim() === ''} onClick={() => close.mutate('false_positive')}>{t('dlp.falsePositive')}</Button>
        {violation.status === 'open' && <Button variant="subtle" disabled={close.isPending} onClick={() => close.mutate('reviewed')}>{t('dlp.review')}</Button>}
      </Group>
    </Stack>
  );
}
