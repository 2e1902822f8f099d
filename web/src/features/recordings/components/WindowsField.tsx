import { ActionIcon, Button, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { t } from '@/i18n';

export interface PolicyWindow {
  days: string[];
  from: string;
  to: string;
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Props {
  windows: PolicyWindow[];
  zone: string;
  error: string | undefined;
  onChange: (windows: PolicyWindow[], zone: string) => void;
}

/** When a policy counts; none: always. */
export function WindowsField({ windows, zone, error, onChange }: Props) {
  const set = (at: number, change: Partial<PolicyWindow>) => onChange(windows.map((window, i) => (i === at ? { ...window, ...change } : window)), zone);
  const add = () => onChange([...windows, { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }], windows.length === 0 ? here : zone);
  return (
    <Stack gap="xs" role="group" aria-label={t('policy.windows')}>
      <Text size="sm" fw={500}>{t('policy.windows')}</Text>
      <Text size="sm" c="dimmed">{windows.length === 0 ? t('policy.always') : t('policy.windowsHelp')}</Text>
      {windows.map((window, i) => (
        <Group key={i} align="flex-end" gap="xs">
          <MultiSelect w="100%" label={t('policy.days')} value={window.days} data={week.map((day) => ({ value: day, label: t(`policy.day.${day}`) }))} onChange={(days) => set(i, { days })} />
          <TextInput w={130} type="time" label={t('policy.from')} value={window.from.slice(0, 5)} onChange={(e) => set(i, { from: e.currentTarget.value })} />
          <TextInput w={130} type="time" label={t('policy.to')} value={window.to.slice(0, 5)} onChange={(e) => set(i, { to: e.currentTarget.value })} />
          <ActionIcon variant="subtle" color="red" size={36} aria-label={t('policy.removeWindow')} onClick={() => onChange(windows.filter((_, j) => j !== i), zone)}><IconTrash size={18} stroke={1.6} aria-hidden /></ActionIcon>
        </Group>
      ))}
      {error && <Text size="sm" c="red" role="alert">{error}</Text>}
      {windows.length > 0 && <Select searchable label={t('policy.zone')} value={zone} allowDeselect={false} data={zones(zone)} onChange={(value) => value && onChange(windows, value)} limit={60} />}
      <Group><Button variant="default" size="compact-sm" onClick={add}>{t('policy.addWindow')}</Button></Group>
    </Stack>
  );
}

const zones = (chosen: string): string[] => [...new Set([chosen, 'UTC', here, ...Intl.supportedValuesOf('timeZone')])];
