import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Idle, Session } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatPercent } from '@/model/format';
import { idleQuery, sessionKeys } from '@/model/sessions';
import { Facts } from '@/parts/Facts';
import { TimeAgo } from '@/parts/TimeAgo';
import { Card } from '@/ui/Card';
import { toast, toastProblem } from '@/ui/toast';
import { ErrorView } from '@/ui/views';

/** Why it is awake and when it will sleep. */
export function IdleCard({ session }: { session: Session }) {
  const queries = useQueryClient();
  const idle = useQuery(idleQuery(session.id));
  const why = idle.data && whyAwake(session, idle.data);
  const stay = async () => {
    try {
      await ok(api.POST('/api/v1/sessions/{id}/heartbeat', { params: { path: { id: session.id } } }));
      toast(t('idle.stayed'));
      await queries.invalidateQueries({ queryKey: sessionKeys.part(session.id, 'idle') });
    } catch (error) {
      toastProblem(error);
    }
  };
  const button = session.phase === 'running' && session.permissions.manage && <Button size="compact-sm" variant="default" onClick={() => void stay()}>{t('idle.stay')}</Button>;
  return (
    <Card title={t('idle.title')} aside={button}>
      {idle.isPending ? (
        <Skeleton height={88} />
      ) : idle.isError ? (
        <ErrorView compact error={idle.error} retry={() => void idle.refetch()} />
      ) : (
        <>
          {why && <Text mb="sm">{why}</Text>}
          <Facts rows={[
            [t('idle.lastActivity'), (
              <span key="l">
                <TimeAgo time={idle.data.last_activity_at} />
                {idle.data.last_activity && ` ${t('idle.by')} ${tOr(`idle.kind.${idle.data.last_activity}`, idle.data.last_activity)}`}
              </span>
            )],
            ...(idle.data.freeze_at ? [[t('idle.freezes'), <TimeAgo key="f" time={idle.data.freeze_at} />] as [string, React.ReactNode]] : []),
            ...(idle.data.hibernate_at ? [[t('idle.hibernates'), <TimeAgo key="h" time={idle.data.hibernate_at} />] as [string, React.ReactNode]] : []),
            ...(session.expires_at ? [[t('idle.ends'), <TimeAgo key="e" time={session.expires_at} />] as [string, React.ReactNode]] : []),
          ]} />
          {session.phase === 'running' && !idle.data.freeze_at && !idle.data.hibernate_at && <Text c="dimmed" mt="sm">{t('idle.neverSleeps')}</Text>}
        </>
      )}
    </Card>
  );
}

/** The reason in one sentence; the plain case (somebody used it a while ago) stands in the figures. */
function whyAwake(session: Session, idle: Idle): string | null {
  if (session.phase !== 'running') return t('idle.asleep');
  if (idle.keep_awake) return t('idle.kept');
  if (idle.cpu_percent !== null && idle.cpu_threshold > 0 && idle.cpu_percent >= idle.cpu_threshold)
    return t('idle.busy', { use: formatPercent(idle.cpu_percent), limit: formatPercent(idle.cpu_threshold) });
  return null;
}
