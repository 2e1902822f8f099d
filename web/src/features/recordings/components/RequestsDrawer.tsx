import { Alert, Badge, Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { RecordingAccess } from '@/api/types';
import { t } from '@/i18n';
import { formatExact } from '@/model/format';
import { recordingKeys } from '@/model/recordings';
import { problemText } from '@/ui/problemText';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast } from '@/ui/toast';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { accessKey, accessQuery } from '../recordings.queries';

const colours = { pending: 'blue', approved: 'green', denied: 'red', expired: 'gray' } as const;

/** Who asks to look at recordings that need approval; for those who decide. */
export function RequestsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return <SideDrawer opened={opened} onClose={onClose} title={t('access.title')}><List /></SideDrawer>;
}

function List() {
  const query = useInfiniteQuery(accessQuery);
  if (query.isPending) return <RowsSkeleton rows={4} />;
  if (!query.data) return <ErrorView compact error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <EmptyView title={t('access.empty')} help={t('access.emptyHelp')} />;
  return (
    <Stack gap="lg">
      {rows.map((row) => <Item key={row.id} row={row} />)}
      {query.hasNextPage && <Group><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button></Group>}
    </Stack>
  );
}

function Item({ row }: { row: RecordingAccess }) {
  return (
    <section>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600}>{t('access.of', { user: row.user, session: row.session_name, owner: row.owner })}</Text>
        <Badge color={colours[row.state]} variant="light">{t(`access.state.${row.state}`)}</Badge>
      </Group>
      <Text>{row.reason}</Text>
      <Text size="sm" c="dimmed">{t('access.askedAt', { time: formatExact(row.asked_at), hours: row.hours })}</Text>
      {row.decided_by && <Text size="sm" c="dimmed">{t('access.decidedBy', { name: row.decided_by, time: formatExact(row.decided_at ?? row.asked_at) })}{row.note && `: ${row.note}`}</Text>}
      {row.state === 'approved' && row.expires_at && <Text size="sm" c="dimmed">{t('access.until', { time: formatExact(row.expires_at) })}</Text>}
      {row.mine && row.state === 'pending' && <Text size="sm" mt={4}>{t('access.notOneself')}</Text>}
      {row.may_decide && (row.state === 'pending' || row.state === 'approved') && <Decide row={row} />}
    </section>
  );
}

function Decide({ row }: { row: RecordingAccess }) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [hours, setHours] = useState(row.hours);
  const path = { params: { path: { request: row.id } } };
  const settled = (text: string) => ({
    onSuccess: () => {
      toast(text);
      void queries.invalidateQueries({ queryKey: accessKey });
      void queries.invalidateQueries({ queryKey: [...recordingKeys.all, 'log'] });
    },
  });
  const words = note.trim() ? { note: note.trim() } : {};
  const approve = useMutation({ mutationFn: () => ok(api.POST('/api/v1/recording-access-requests/{request}/approve', { ...path, body: { hours, ...words } })), ...settled(t('access.approved')) });
  const deny = useMutation({ mutationFn: () => ok(api.POST('/api/v1/recording-access-requests/{request}/deny', { ...path, body: { note: note.trim() } })), ...settled(t('access.refused')) });
  const failed = approve.error ?? deny.error;
  const pending = row.state === 'pending';
  return (
    <Stack gap="xs" mt="xs">
      {failed && <Alert color="red" variant="light" role="alert">{problemText(toProblem(failed))}</Alert>}
      <Group align="flex-end" grow preventGrowOverflow={false}>
        {pending && <NumberInput w={110} label={t('access.hours')} value={hours} min={1} max={168} allowDecimal={false} onChange={(value) => typeof value === 'number' && setHours(value)} />}
        <TextInput label={t('access.note')} value={note} maxLength={500} onChange={(e) => setNote(e.currentTarget.value)} />
      </Group>
      <Group>
        {pending && <Button loading={approve.isPending} onClick={() => approve.mutate()}>{t('access.approve')}</Button>}
        <Button variant="default" color="red" loading={deny.isPending} disabled={note.trim().length < 3} onClick={() => deny.mutate()}>{pending ? t('access.deny') : t('access.takeBack')}</Button>
      </Group>
    </Stack>
  );
}
