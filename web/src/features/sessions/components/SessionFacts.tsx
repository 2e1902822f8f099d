import { Badge, Group } from '@mantine/core';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatCount, formatCpu, formatMs, formatSize } from '@/model/format';
import { nameOf } from '@/model/people';
import { Facts } from '@/parts/Facts';
import { TimeAgo } from '@/parts/TimeAgo';
import { Card } from '@/ui/Card';

/** A limit and who set it, when it was not the template. */
function limit(text: string, source: string | undefined) {
  return source && source !== 'template' ? `${text} (${t('detail.limitFrom', { source })})` : text;
}

export function SessionFacts({ session }: { session: Session }) {
  const { resources, limits_from: from } = session;
  const took = Object.values(session.timings ?? {}).reduce<number>((sum, ms) => sum + Number(ms ?? 0), 0);
  return (
    <Card title={t('detail.facts')}>
      <Facts rows={[
        [t('detail.template'), `${session.template.display_name} ${session.template.version}`],
        [t('detail.owner'), nameOf(session.owner)],
        ...(session.launch_reason ? [[t('launch.reason'), session.launch_reason] as [string, string]] : []),
        [t('detail.runtime'), session.runtime],
        [t('usage.cpu'), limit(formatCpu(resources.cpu), from.cpu)],
        [t('usage.memory'), limit(formatSize(resources.memory), from.memory)],
        [t('detail.geometry'), session.geometry.replace('x', ' × ')],
        [t('detail.home'), session.persistent_home ? t('detail.home.kept') : t('detail.home.none')],
        [t('detail.created'), <TimeAgo key="c" time={session.created_at} />],
        [t('detail.started'), <TimeAgo key="s" time={session.started_at} />],
        ...(took > 0 ? [[t('detail.launchTime'), formatMs(took)] as [string, string]] : []),
        [t('detail.restarts'), formatCount(session.restart_count)],
        ...(session.tags.length > 0
          ? [[t('detail.tags'), <Group key="t" gap={4}>{session.tags.map((tag) => <Badge key={tag} variant="default" tt="none" fw={500}>{tag}</Badge>)}</Group>] as [string, React.ReactNode]]
          : []),
      ]} />
    </Card>
  );
}
