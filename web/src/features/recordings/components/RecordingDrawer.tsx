import { Anchor, Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { RecordingRow } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatBytes, formatExact } from '@/model/format';
import { may, permissions, useMe } from '@/model/me';
import { recordingKeys } from '@/model/recordings';
import { Facts } from '@/parts/Facts';
import { clockOf } from '@/stream/timeline';
import { confirm } from '@/ui/confirm';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast, toastProblem } from '@/ui/toast';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { logQuery, segmentAddress, segmentsQuery } from '../recordings.queries';
import { ExportPanel } from './ExportPanel';

export function RecordingDrawer({ row, onClose }: { row: RecordingRow | null; onClose: () => void }) {
  const me = useMe();
  return (
    <SideDrawer opened={row !== null} onClose={onClose} title={row?.session_name ?? ''}>
      {row && (
        <Stack gap="lg" align="stretch">
          <Facts rows={[
            [t('rec.col.owner'), row.owner.username],
            [t('rec.col.started'), formatExact(row.started_at)],
            [t('rec.startedBy'), row.started_by],
            ...(row.reason ? [[t('rec.reason'), row.reason] as [string, string]] : []),
            ...(row.policy ? [[t('policy.one'), row.policy] as [string, string]] : []),
            [t('rec.col.length'), clockOf(row.duration_ms)],
            [t('rec.col.size'), formatBytes(row.bytes)],
            ...(row.keep_until ? [[t('rec.keepUntil'), row.held ? t('rec.held') : formatExact(row.keep_until)] as [string, string]] : []),
            ...(row.hold_reason ? [[t('rec.holdReason'), row.hold_reason] as [string, string]] : []),
          ]} />
          {row.may_play && <Button component={Link} to={`/recordings/${row.id}`} variant="default">{t('rec.play', { name: row.session_name })}</Button>}
          {row.may_download && (
            <section>
              <Title order={3} mb="xs">{t('export.title')}</Title>
              <ExportPanel row={row} />
            </section>
          )}
          {row.may_download && !row.require_approval && <Files row={row} />}
          {may(me, permissions.allRecordings) && <Log id={row.id} />}
          {may(me, 'recordings.manage_all') && row.state !== 'deleted' && <Keeping row={row} onDeleted={onClose} />}
        </Stack>
      )}
    </SideDrawer>
  );
}

function Files({ row }: { row: RecordingRow }) {
  const segments = useQuery(segmentsQuery(row.id));
  return (
    <section>
      <Title order={3} mb="xs">{t('rec.segments')}</Title>
      <Text size="sm" c="dimmed" mb="xs">{t('rec.segmentsHelp')}</Text>
      {segments.isError && <ErrorView compact error={segments.error} retry={() => void segments.refetch()} />}
      {segments.isPending && <RowsSkeleton rows={2} height={20} />}
      <List spacing={4}>
        {segments.data?.map((segment) => (
          <List.Item key={segment.number}>
            <Anchor href={segmentAddress(row.id, segment.number, 'download')} download>{t('rec.segment', { number: segment.number })}</Anchor>
            {' '}<span className="tnum">{clockOf(segment.duration_ms)}, {formatBytes(segment.bytes)}</span>
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Log({ id }: { id: string }) {
  const log = useQuery(logQuery(id));
  return (
    <section>
      <Title order={3} mb="xs">{t('rec.log')}</Title>
      {log.isError && <ErrorView compact error={log.error} retry={() => void log.refetch()} />}
      {log.isPending && <RowsSkeleton rows={2} height={20} />}
      {log.data?.length === 0 && <Text c="dimmed">{t('rec.logEmpty')}</Text>}
      <List spacing={4} listStyleType="none">
        {log.data?.map((line) => (
          <List.Item key={line.at + line.action}>{formatExact(line.at)}: {line.user} {tOr(`rec.action.${line.action}`, line.action)}{line.reason && `: ${line.reason}`}{line.address && ` (${line.address})`}</List.Item>
        ))}
      </List>
    </section>
  );
}

function Keeping({ row, onDeleted }: { row: RecordingRow; onDeleted: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const path = { params: { path: { recording: row.id } } };
  const again = { onSuccess: () => queries.invalidateQueries({ queryKey: recordingKeys.all }) };
  const hold = useMutation({ mutationFn: () => ok(api.POST('/api/v1/recordings/{recording}/hold', { ...path, body: { reason } })), ...again });
  const release = useMutation({ mutationFn: () => ok(api.DELETE('/api/v1/recordings/{recording}/hold', path)), ...again, onError: toastProblem });
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/recordings/{recording}', path)),
    onSuccess: () => {
      toast(t('rec.deleted'));
      onDeleted();
      return queries.invalidateQueries({ queryKey: recordingKeys.all });
    },
    onError: toastProblem,
  });
  const ask = async () => {
    if (await confirm({ title: t('rec.deleteAsk', { name: row.session_name }), body: t('rec.deleteBody'), action: t('rec.delete'), danger: true })) remove.mutate();
  };
  const problem = hold.isError ? toProblem(hold.error) : null;
  return (
    <Stack gap="sm">
      {row.held ? (
        <Button variant="default" loading={release.isPending} onClick={() => release.mutate()}>{t('rec.release')}</Button>
      ) : (
        <form onSubmit={(e) => { e.preventDefault(); hold.mutate(); }}>
          <TextInput label={t('rec.holdReason')} value={reason} maxLength={500} onChange={(e) => setReason(e.currentTarget.value)} error={problem?.issueOf('reason') ?? problem?.message} />
          <Button mt="xs" type="submit" variant="default" loading={hold.isPending} disabled={reason.trim() === ''}>{t('rec.hold')}</Button>
        </form>
      )}
      {row.may_delete && <Group><Button variant="subtle" color="red" loading={remove.isPending} onClick={() => void ask()}>{t('rec.delete')}</Button></Group>}
    </Stack>
  );
}
