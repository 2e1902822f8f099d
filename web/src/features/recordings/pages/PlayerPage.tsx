import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import { isProblem } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { RecordingRow, RecordingSegment } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatExact } from '@/model/format';
import { clockOf, markersOf } from '@/stream/timeline';
import { Card } from '@/ui/Card';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { AskAccess } from '../components/AskAccess';
import { ExportPanel } from '../components/ExportPanel';
import { Stage } from '../components/Stage';
import { recordingQuery, segmentsQuery } from '../recordings.queries';
import { useGrowth } from '../useGrowth';
import css from './PlayerPage.module.css';

export function PlayerPage() {
  const { id = '' } = useParams();
  const recording = useQuery(recordingQuery(id));
  const back = <Button component={Link} to="/recordings">{t('rec.back')}</Button>;
  if (recording.isPending) return <Page title={t('rec.title')}><RowsSkeleton rows={8} /></Page>;
  if (isProblem(recording.error, 404)) return <EmptyView page title={t('rec.missing')} help={t('rec.missingHelp')} action={back} />;
  if (!recording.data) return <Page title={t('rec.title')}><ErrorView error={recording.error} retry={() => void recording.refetch()} /></Page>;
  if (!recording.data.may_play) return <EmptyView page title={t('rec.notPlayable')} help={t('rec.notPlayableHelp')} action={back} />;
  return <Playing key={id} row={recording.data} />;
}

function Playing({ row }: { row: RecordingRow }) {
  const [reason, setReason] = useState<string>();
  const segments = useQuery({ ...segmentsQuery(row.id, reason), placeholderData: (old) => old });
  const barred = segments.isError ? toProblem(segments.error).code : null;
  useGrowth(row.id, row.state === 'recording');
  const rows = useMemo(() => segments.data ?? [], [segments.data]);
  return (
    <Page wide title={row.session_name} lead={`${row.owner.username}, ${formatExact(row.started_at)}`}>
      {barred === 'APPROVAL_REQUIRED' ? (
        <AskAccess id={row.id} />
      ) : barred === 'REASON_REQUIRED' ? (
        <AskReason onReason={setReason} />
      ) : segments.isError && rows.length === 0 ? (
        <ErrorView error={segments.error} retry={() => void segments.refetch()} />
      ) : (
        <Stage row={row} segments={rows}>
          {(seek) => (
            <Stack gap="md" align="stretch">
              {row.may_download && <Card title={t('export.title')}><ExportPanel row={row} /></Card>}
              <Events segments={rows} onSeek={seek} />
            </Stack>
          )}
        </Stage>
      )}
    </Page>
  );
}

/** Some recordings may only be looked at by who says why; it is kept in the log. */
function AskReason({ onReason }: { onReason: (reason: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form onSubmit={(e) => { e.preventDefault(); onReason(text.trim()); }}>
      <Stack maw={480} align="flex-start">
        <TextInput w="100%" label={t('rec.why')} description={t('rec.whyHelp')} value={text} maxLength={500} onChange={(e) => setText(e.currentTarget.value)} />
        <Button type="submit" disabled={text.trim().length < 3}>{t('rec.look')}</Button>
      </Stack>
    </form>
  );
}

function Events({ segments, onSeek }: { segments: RecordingSegment[]; onSeek: (ms: number) => void }) {
  const markers = markersOf(segments);
  return (
    <Card title={t('play.events')}>
      {markers.length === 0 && <Text c="dimmed">{t('play.noEvents')}</Text>}
      <ul className={css.events}>
        {markers.map((marker, i) => (
          <li key={i}><Button variant="default" size="compact-sm" onClick={() => onSeek(marker.ms)}>{clockOf(marker.ms)} {tOr(`play.event.${marker.type}`, marker.type)}</Button></li>
        ))}
      </ul>
    </Card>
  );
}
