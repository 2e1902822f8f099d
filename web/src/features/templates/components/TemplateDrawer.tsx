import { Code, CopyButton, Group, Skeleton, Stack, Text, Title, ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { api, isProblem, ok } from '@/api/http';
import type { Template, TemplateRuntime } from '@/api/types';
import { t } from '@/i18n';
import { formatCount, formatCpu, formatDuration, formatSize } from '@/model/format';
import { templateKeys } from '@/model/templates';
import { Facts } from '@/parts/Facts';
import { TemplateIcon } from '@/parts/TemplateIcon';
import { TimeAgo } from '@/parts/TimeAgo';
import { SideDrawer } from '@/ui/SideDrawer';
import { EmptyView, ErrorView } from '@/ui/views';
import { LaunchForm } from './LaunchForm';
import css from './TemplateDrawer.module.css';

/** Details and launch options of one application; it has an address of its own. */
export function TemplateDrawer({ name, onClose }: { name: string | null; onClose: () => void }) {
  const query = useQuery({
    queryKey: templateKeys.one(name ?? ''),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/templates/{name}', { params: { path: { name: name ?? '' } }, signal })),
    enabled: name !== null,
  });
  return (
    <SideDrawer opened={name !== null} onClose={onClose} title={query.data?.display_name ?? t('template.about')}>
      {query.data ? (
        <Details template={query.data} />
      ) : isProblem(query.error, 404) ? (
        <EmptyView title={t('catalogue.missing')} />
      ) : query.isError ? (
        <ErrorView compact error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack><Skeleton height={72} /><Skeleton height={160} /><Skeleton height={220} /></Stack>
      )}
    </SideDrawer>
  );
}

function Details({ template }: { template: Template }) {
  const { cpu, memory } = template.resources;
  return (
    <Stack gap="lg">
      <Group wrap="nowrap" align="flex-start">
        <TemplateIcon url={template.icon_url} size={56} />
        <Text>{template.description}</Text>
      </Group>
      <LaunchForm template={template} />
      <section>
        <Title order={3} mb="sm">{t('template.runtimes')}</Title>
        <Stack gap="sm">{template.runtimes.map((runtime) => <RuntimeRow key={runtime.name} runtime={runtime} />)}</Stack>
      </section>
      <section>
        <Title order={3} mb="sm">{t('template.about')}</Title>
        <Facts rows={[
          [t('template.version'), template.version],
          [t('template.category'), template.category],
          [t('template.resources'), `${formatCpu(cpu)}, ${formatSize(memory)}`],
          [t('template.limits'), t('template.idleRule', { freeze: formatDuration(template.freeze_after), idle: formatDuration(template.idle_timeout) })],
          [t('template.launches'), formatCount(template.launches)],
          [t('catalogue.recent'), <TimeAgo key="t" time={template.last_used_at} />],
        ]} />
      </section>
    </Stack>
  );
}

function RuntimeRow({ runtime }: { runtime: TemplateRuntime }) {
  return (
    <div className={css.runtime} data-state={runtime.state}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <i className={css.dot} aria-hidden />
        <div className={css.words}>
          <b>{runtime.name}</b>
          <Text size="sm" c="dimmed">
            {runtime.state === 'missing' ? t('template.runtime.missing', { list: runtime.missing.join(', ') }) : t(`template.runtime.${runtime.state}`)}
          </Text>
          {runtime.remedy && (
            <Group gap={4} wrap="nowrap" mt={4}>
              <Code block className={css.remedy} aria-label={t('template.remedy')}>{runtime.remedy}</Code>
              <CopyButton value={runtime.remedy}>
                {({ copied, copy }) => (
                  <ActionIcon onClick={copy} aria-label={copied ? t('action.copied') : t('action.copy')}>
                    {copied ? <IconCheck size={18} /> : <IconCopy size={18} stroke={1.6} />}
                  </ActionIcon>
                )}
              </CopyButton>
            </Group>
          )}
        </div>
      </Group>
    </div>
  );
}
