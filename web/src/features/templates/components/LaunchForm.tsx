import { Alert, Button, Collapse, Grid, Select, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { toProblem } from '@/api/problem';
import type { Template } from '@/api/types';
import { t } from '@/i18n';
import { formatCpu, formatDuration, formatSize } from '@/model/format';
import { useLaunch } from '@/model/launch';
import { launchRulesQuery, needOf } from '@/model/launchRules';
import { bestRuntime } from '@/model/templates';
import { problemText } from '@/ui/problemText';
import { emptyOptions, geometries, requestOf, type LaunchOptions } from '../launchOptions';

const choices = { cpu: ['500m', '1', '2', '4'], memory: ['512Mi', '1Gi', '2Gi', '4Gi', '8Gi'], time: ['5m', '10m', '30m', '1h', '2h', '8h', '24h'] };

/** Everything that may differ from the template; what is left alone is decided by the server. */
export function LaunchForm({ template }: { template: Template }) {
  const [options, setOptions] = useState<LaunchOptions>(emptyOptions);
  const [more, moreControl] = useDisclosure();
  const launch = useLaunch();
  const { need, policy } = needOf(useQuery(launchRulesQuery).data, template.name);
  const wantsReason = need === 'reason' || need === 'ask';
  const set = (change: Partial<LaunchOptions>) => setOptions((old) => ({ ...old, ...change }));
  const problem = launch.isError ? toProblem(launch.error) : null;
  const runnable = bestRuntime(template) !== null;
  const asTemplate = (value: string) => ({ value: '', label: t('launch.default', { value }) });
  const times = (own: string | null) => [asTemplate(formatDuration(own)), ...choices.time.map((value) => ({ value, label: formatDuration(value) }))];

  return (
    <form onSubmit={(e) => { e.preventDefault(); launch.mutate(requestOf(template.name, options)); }} aria-label={t('launch.title')}>
      <Stack gap="md">
        {problem && problem.fields.length === 0 && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('launch.name')} description={t('launch.nameHelp')} maxLength={63} spellCheck={false} autoCapitalize="none" value={options.name}
          onChange={(e) => set({ name: e.currentTarget.value })} error={problem?.issueOf('name')} />
        <Select label={t('launch.runtime')} allowDeselect={false} value={options.runtime} onChange={(runtime) => set({ runtime: runtime ?? '' })} error={problem?.issueOf('runtime')}
          data={[{ value: '', label: t('launch.runtime.auto') }, ...template.runtimes.map((r) => ({ value: r.name, label: r.name, disabled: r.state === 'missing' || r.state === 'unavailable' }))]} />
        <Grid gap="md">
          <Grid.Col span={6}>
            <Select label={t('launch.cpu')} allowDeselect={false} value={options.cpu} onChange={(cpu) => set({ cpu: cpu ?? '' })} error={problem?.issueOf('resources.cpu')}
              data={[asTemplate(formatCpu(template.resources.cpu)), ...choices.cpu.map((value) => ({ value, label: formatCpu(value) }))]} />
          </Grid.Col>
          <Grid.Col span={6}>
            <Select label={t('launch.memory')} allowDeselect={false} value={options.memory} onChange={(memory) => set({ memory: memory ?? '' })} error={problem?.issueOf('resources.memory')}
              data={[asTemplate(formatSize(template.resources.memory)), ...choices.memory.map((value) => ({ value, label: formatSize(value) }))]} />
          </Grid.Col>
        </Grid>
        <Button variant="subtle" color="gray" onClick={moreControl.toggle} aria-expanded={more} justify="space-between"
          rightSection={more ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}>{t('launch.more')}</Button>
        <Collapse expanded={more}>
          <Stack gap="md">
            <Select label={t('launch.geometry')} allowDeselect={false} value={options.geometry} onChange={(geometry) => set({ geometry: geometry ?? '' })} error={problem?.issueOf('geometry')}
              data={geometries()} />
            <Select label={t('launch.freezeAfter')} allowDeselect={false} value={options.freezeAfter} onChange={(v) => set({ freezeAfter: v ?? '' })} data={times(template.freeze_after)} error={problem?.issueOf('freeze_after')} />
            <Select label={t('launch.idleTimeout')} allowDeselect={false} value={options.idleTimeout} onChange={(v) => set({ idleTimeout: v ?? '' })} data={times(template.idle_timeout)} error={problem?.issueOf('idle_timeout')} />
            <Select label={t('launch.maxDuration')} allowDeselect={false} value={options.maxDuration} onChange={(v) => set({ maxDuration: v ?? '' })} data={times(template.max_duration)} error={problem?.issueOf('max_duration')} />
            <Select label={t('launch.network')} allowDeselect={false} value={options.network} onChange={(v) => set({ network: v ?? '' })} error={problem?.issueOf('network')}
              data={[{ value: '', label: t('launch.network.default') }, { value: 'none', label: t('launch.network.none') }]} />
            <TagsInput label={t('launch.tags')} description={t('launch.tagsHelp')} value={options.tags} onChange={(tags) => set({ tags })} error={problem?.issueOf('tags')} />
            <Switch label={t('launch.home')} description={t('launch.homeHelp')} checked={options.keepHome} onChange={(e) => set({ keepHome: e.currentTarget.checked })} />
          </Stack>
        </Collapse>
        {wantsReason && (
          <Textarea label={t('launch.reason')} description={t(need === 'ask' ? 'approval.askBody' : 'launch.reasonBody', { policy })} required autosize minRows={2} maxRows={6} maxLength={500}
            value={options.reason} onChange={(e) => set({ reason: e.currentTarget.value })} error={problem?.issueOf('reason')} />
        )}
        {need === 'waiting' && <Text c="dimmed">{t('approval.stillWaiting', { name: template.display_name })}</Text>}
        <Button type="submit" loading={launch.isPending} disabled={!runnable || need === 'waiting' || (wantsReason && options.reason.trim() === '')}>{t(need === 'ask' ? 'approval.ask' : 'launch.submit')}</Button>
      </Stack>
    </form>
  );
}
