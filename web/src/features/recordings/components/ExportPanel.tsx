import { Alert, Anchor, Button, Group, Progress, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { RecordingExport, RecordingRow } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatBytes, formatExact } from '@/model/format';
import { onLiveEvent, onServerBack } from '@/model/live';
import { clockOf } from '@/stream/timeline';
import { problemText } from '@/ui/problemText';
import { toastProblem } from '@/ui/toast';
import { RowsSkeleton } from '@/ui/views';
import { exportAddress, exportKey, exportQuery } from '../recordings.queries';

/** A recording as one film: ask for it, see how far it is, download it. */
export function ExportPanel({ row }: { row: RecordingRow }) {
  const queries = useQueryClient();
  const found = useQuery(exportQuery(row.id));
  useEffect(() => {
    const again = () => void queries.invalidateQueries({ queryKey: exportKey(row.id) });
    const stopListening = onLiveEvent((event) => {
      if (event.type !== 'recording.export.moved' || event.data.recording !== row.id) return;
      const { state, percent } = event.data;
      // A step of what is shown already needs no question; everything else does.
      if (state === 'running' && typeof percent === 'number')
        queries.setQueryData<RecordingExport | null>(exportKey(row.id), (old) => (old?.state === 'running' ? { ...old, percent } : old));
      if (state !== 'running' || queries.getQueryData<RecordingExport | null>(exportKey(row.id))?.state !== 'running') again();
    });
    const stopWaiting = onServerBack(again);
    return () => {
      stopListening();
      stopWaiting();
    };
  }, [queries, row.id]);
  if (found.isPending) return <RowsSkeleton rows={1} height={36} />;
  return (
    <Stack gap="sm" align="stretch">
      {found.data ? <Made row={row} film={found.data} /> : <Text size="sm" c="dimmed">{t('export.help')}</Text>}
      {(!found.data || found.data.state === 'failed') && <Ask row={row} />}
    </Stack>
  );
}

function Ask({ row }: { row: RecordingRow }) {
  const queries = useQueryClient();
  const [skip, setSkip] = useState(false);
  const [reason, setReason] = useState('');
  const ask = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/recordings/{recording}/export', { params: { path: { recording: row.id } }, body: { skip_idle: skip, ...(reason.trim() ? { reason: reason.trim() } : {}) } })),
    onSuccess: (film) => queries.setQueryData(exportKey(row.id), film),
  });
  if (row.state === 'recording') return <Text size="sm" c="dimmed">{t('export.later')}</Text>;
  return (
    <>
      {ask.isError && <Alert color="red" variant="light" role="alert">{problemText(toProblem(ask.error))}</Alert>}
      {row.require_reason && <TextInput label={t('rec.why')} description={t('rec.whyHelp')} value={reason} maxLength={500} onChange={(e) => setReason(e.currentTarget.value)} />}
      <Group>
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>{t('export.ask')}</Button>
        <Switch label={t('export.skipIdle')} checked={skip} onChange={(e) => setSkip(e.currentTarget.checked)} />
      </Group>
    </>
  );
}

function Made({ row, film }: { row: RecordingRow; film: RecordingExport }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/recordings/{recording}/export', { params: { path: { recording: row.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: exportKey(row.id) }),
    onError: toastProblem,
  });
  const working = film.state === 'queued' || film.state === 'running';
  return (
    <>
      {working && (
        <div>
          <Text size="sm" mb={4} role="status">{film.state === 'queued' ? t('export.queued') : t('export.running', { percent: film.percent })}</Text>
          <Progress value={film.percent} aria-label={t('export.progress')} />
        </div>
      )}
      {film.state === 'failed' && <Alert color="red" variant="light" role="alert">{tOr(`export.problem.${film.problem ?? ''}`, t('export.failed'))}</Alert>}
      {film.state === 'ready' && (
        <div>
          <Anchor href={exportAddress(row.id)} download>{t('export.download')}</Anchor>
          {' '}<span className="tnum">{clockOf(film.duration_ms ?? 0)}, {formatBytes(film.bytes ?? 0)}</span>
          {film.expires_at && <Text size="sm" c="dimmed">{t('export.until', { time: formatExact(film.expires_at) })}</Text>}
          {film.damaged_segments > 0 && <Text size="sm" c="red">{t('export.damaged', { count: film.damaged_segments })}</Text>}
        </div>
      )}
      {film.may_cancel && film.state !== 'failed' && (
        <Group><Button variant="subtle" color="red" size="compact-sm" loading={remove.isPending} onClick={() => remove.mutate()}>{working ? t('export.cancel') : t('export.remove')}</Button></Group>
      )}
    </>
  );
}
