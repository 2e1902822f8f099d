import { ActionIcon, Avatar, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { api, ok } from '@/api/http';
import type { Session, Viewer } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatBytes, formatMs } from '@/model/format';
import { useMe } from '@/model/me';
import { nameOf } from '@/model/people';
import { sessionKeys, viewersQuery } from '@/model/sessions';
import { TimeAgo } from '@/parts/TimeAgo';
import { confirm } from '@/ui/confirm';
import { toast, toastProblem } from '@/ui/toast';
import { ErrorView } from '@/ui/views';

/** Who looks on, from where, how fast; the owner can end a connection. */
export function PeoplePanel({ session, viewerId }: { session: Session; viewerId: string | null }) {
  const me = useMe();
  const queries = useQueryClient();
  const viewers = useQuery({ ...viewersQuery(session.id), refetchOnMount: 'always' });
  if (viewers.isPending) return <Stack><Skeleton height={56} /><Skeleton height={56} /></Stack>;
  if (viewers.isError) return <ErrorView compact error={viewers.error} retry={() => void viewers.refetch()} />;
  if (viewers.data.length === 0) return <Text c="dimmed">{t('people.none')}</Text>;

  const drop = async (viewer: Viewer) => {
    const name = nameOf(viewer.user);
    if (!(await confirm({ title: t('people.dropTitle', { name }), body: t('people.dropBody'), action: t('people.dropAction'), danger: true }))) return;
    try {
      await ok(api.DELETE('/api/v1/sessions/{session}/viewers/{viewer}', { params: { path: { session: session.id, viewer: viewer.id } } }));
      toast(t('people.dropped', { name }));
      await queries.invalidateQueries({ queryKey: sessionKeys.part(session.id, 'viewers') });
    } catch (error) {
      toastProblem(error);
    }
  };

  return (
    <Stack gap="md" component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {viewers.data.map((viewer) => (
        <li key={viewer.id}>
          <Row viewer={viewer} self={viewer.id === viewerId} mayDrop={viewer.id !== viewerId && (session.permissions.manage || viewer.user.id === me.user.id)} onDrop={() => void drop(viewer)} />
        </li>
      ))}
    </Stack>
  );
}

function Row({ viewer, self, mayDrop, onDrop }: { viewer: Viewer; self: boolean; mayDrop: boolean; onDrop: () => void }) {
  const name = nameOf(viewer.user);
  const { client, display } = viewer.latency_ms;
  return (
    <Group wrap="nowrap" align="flex-start" gap={12}>
      <Avatar name={name} color="accent" size={32} radius={99} aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text fw={600} className="ellipsis">{name}{self && <Text span c="dimmed" fw={400}> ({t('people.you')})</Text>}</Text>
        <Text size="xs" c="dimmed">{tOr(`people.level.${viewer.level}`, viewer.level)} · <TimeAgo time={viewer.connected_at} /></Text>
        {viewer.address && <Text size="xs" c="dimmed" className="tnum">{viewer.address}</Text>}
        {client !== null && <Text size="xs" c="dimmed" className="tnum">{formatMs(client)} {t('people.delayBrowser')}</Text>}
        {display !== null && <Text size="xs" c="dimmed" className="tnum">{formatMs(display)} {t('people.delayDisplay')}</Text>}
        <Text size="xs" c="dimmed" className="tnum">{t('people.traffic', { in: formatBytes(viewer.bytes_in), out: formatBytes(viewer.bytes_out) })}</Text>
      </div>
      {mayDrop && (
        <Tooltip label={t('people.drop', { name })}>
          <ActionIcon color="red" aria-label={t('people.drop', { name })} onClick={onDrop}><IconPlugConnectedX size={18} stroke={1.6} /></ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
