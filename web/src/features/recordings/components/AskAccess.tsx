import { Alert, Button, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import { t } from '@/i18n';
import { formatExact } from '@/model/format';
import { onLiveEvent, onServerBack } from '@/model/live';
import { recordingKeys } from '@/model/recordings';
import { problemText } from '@/ui/problemText';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { accessKey, myAccessQuery } from '../recordings.queries';

/** Some recordings may be looked at only when another person agrees: here one asks, and waits. */
export function AskAccess({ id }: { id: string }) {
  const queries = useQueryClient();
  const latest = useQuery(myAccessQuery(id));
  useEffect(() => {
    const again = () => {
      void queries.invalidateQueries({ queryKey: accessKey });
      void queries.invalidateQueries({ queryKey: [...recordingKeys.all, 'segments', id] });
    };
    const stopListening = onLiveEvent((event) => event.type === 'recording.access.decided' && event.data.recording === id && again());
    const stopWaiting = onServerBack(again);
    return () => {
      stopListening();
      stopWaiting();
    };
  }, [queries, id]);
  if (latest.isPending) return <RowsSkeleton rows={3} />;
  if (latest.isError) return <ErrorView error={latest.error} retry={() => void latest.refetch()} />;
  const asked = latest.data;
  return (
    <Stack maw={480} align="stretch">
      <Text>{t('access.needed')}</Text>
      {asked?.state === 'pending' ? (
        <Alert color="blue" variant="light" role="status" title={t('access.waiting')}>{t('access.waitingHelp', { time: formatExact(asked.asked_at), reason: asked.reason })}</Alert>
      ) : (
        <>
          {asked?.state === 'denied' && <Alert color="red" variant="light" title={t('access.denied', { name: asked.decided_by ?? '' })}>{asked.note}</Alert>}
          {asked?.state === 'expired' && <Alert color="yellow" variant="light">{t('access.expired', { time: formatExact(asked.expires_at ?? asked.asked_at) })}</Alert>}
          <Form id={id} />
        </>
      )}
    </Stack>
  );
}

function Form({ id }: { id: string }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(24);
  const ask = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/recordings/{recording}/access-requests', { params: { path: { recording: id } }, body: { reason: reason.trim(), hours } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: accessKey }),
  });
  const problem = ask.isError ? toProblem(ask.error) : null;
  return (
    <form onSubmit={(e) => { e.preventDefault(); ask.mutate(); }}>
      <Stack align="flex-start">
        {problem && <Alert w="100%" color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput w="100%" label={t('rec.why')} description={t('access.whyHelp')} value={reason} maxLength={500} error={problem?.issueOf('reason')} onChange={(e) => setReason(e.currentTarget.value)} />
        <NumberInput label={t('access.hours')} value={hours} min={1} max={168} allowDecimal={false} error={problem?.issueOf('hours')} onChange={(value) => typeof value === 'number' && setHours(value)} />
        <Button type="submit" loading={ask.isPending} disabled={reason.trim().length < 3}>{t('access.ask')}</Button>
      </Stack>
    </form>
  );
}
