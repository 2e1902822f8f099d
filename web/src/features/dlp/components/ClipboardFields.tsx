import { ActionIcon, Button, Group, MultiSelect, NumberInput, Select, Stack, Switch, TextInput, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { t } from '@/i18n';
import { detectors, mimeTypes, type Action, type Audit, type ClipboardForm, type Detector, type PatternForm } from '../policyForm';

interface Props {
  title: string;
  value: ClipboardForm;
  /** It loosens instead of restricting. */
  exception?: boolean;
  onChange: (change: Partial<ClipboardForm>) => void;
}

/** The clipboard in one direction. */
export function ClipboardFields({ title, value, exception = false, onChange }: Props) {
  const named = detectors.map((detector) => ({ value: detector, label: t(`dlp.detector.${detector}`) }));
  return (
    <Stack gap="sm" mt="sm" role="group" aria-label={title}>
      <Title order={3} size="h4">{title}</Title>
      <Switch label={t(exception ? 'dlp.opened' : 'dlp.closed')} checked={value.closed} onChange={(e) => onChange({ closed: e.currentTarget.checked })} />
      {(exception || !value.closed) && (
        <>
          {exception && <Switch label={t('dlp.lifts')} description={t('dlp.liftsHelp')} checked={value.lifts} onChange={(e) => onChange({ lifts: e.currentTarget.checked })} />}
          {(!exception || value.lifts) && (
            <>
          <MultiSelect label={t('dlp.block')} data={named} value={value.block} onChange={(block) => onChange({ block: block as Detector[] })} />
          <MultiSelect label={t('dlp.warn')} data={named} value={value.warn} onChange={(warn) => onChange({ warn: warn as Detector[] })} />
          <Patterns value={value.patterns} onChange={(patterns) => onChange({ patterns })} />
            </>
          )}
          <Group grow align="flex-start">
            <NumberInput label={t('dlp.maxBytes')} min={1} max={4_194_304} allowDecimal={false} placeholder={t('dlp.noLimit')} value={value.maxBytes} onChange={(n) => onChange({ maxBytes: typeof n === 'number' ? n : '' })} />
            <NumberInput label={t('dlp.perMinute')} min={1} max={600} allowDecimal={false} placeholder={t('dlp.noLimit')} value={value.perMinute} onChange={(n) => onChange({ perMinute: typeof n === 'number' ? n : '' })} />
          </Group>
          <MultiSelect label={t('dlp.types')} {...(value.types.length === 0 ? { placeholder: t('dlp.typesAny') } : {})} data={mimeTypes} value={value.types} onChange={(types) => onChange({ types })} />
          {!exception && (value.maxBytes !== '' || value.perMinute !== '') && (
            <Group grow align="flex-start">
              <ActionChoice label={t('dlp.sizeAction')} value={value.sizeAction} onChange={(sizeAction) => onChange({ sizeAction })} />
              <ActionChoice label={t('dlp.rateAction')} value={value.rateAction} onChange={(rateAction) => onChange({ rateAction })} />
            </Group>
          )}
          {!exception && <Select label={t('dlp.audit')} allowDeselect={false} value={value.audit} onChange={(audit) => audit && onChange({ audit: audit as Audit })}
            data={(['none', 'metadata', 'content'] as const).map((level) => ({ value: level, label: t(`dlp.audit.${level}`) }))} />}
        </>
      )}
    </Stack>
  );
}

/** What happens above a limit. */
export function ActionChoice({ label, value, onChange }: { label: string; value: Action; onChange: (action: Action) => void }) {
  return <Select label={label} allowDeselect={false} value={value} onChange={(action) => action && onChange(action as Action)} data={(['block', 'warn'] as const).map((action) => ({ value: action, label: t(`dlp.action.${action}`) }))} />;
}

function Patterns({ value, onChange }: { value: PatternForm[]; onChange: (patterns: PatternForm[]) => void }) {
  const change = (index: number, part: Partial<PatternForm>) => onChange(value.map((old, i) => (i === index ? { ...old, ...part } : old)));
  return (
    <Stack gap="xs" role="group" aria-label={t('dlp.patterns')}>
      {value.map((row, index) => (
        <Group key={index} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput label={t('dlp.patternName')} required maxLength={80} value={row.name} onChange={(e) => change(index, { name: e.currentTarget.value })} />
          <TextInput label={t('dlp.pattern')} required maxLength={500} spellCheck={false} ff="monospace" value={row.pattern} onChange={(e) => change(index, { pattern: e.currentTarget.value })} />
          <Select aria-label={t('dlp.patternAction')} allowDeselect={false} w={130} value={row.action} onChange={(action) => action && change(index, { action: action as PatternForm['action'] })}
            data={(['block', 'warn'] as const).map((action) => ({ value: action, label: t(`dlp.action.${action}`) }))} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('dlp.removePattern')} onClick={() => onChange(value.filter((_, i) => i !== index))}><IconTrash size={18} stroke={1.6} /></ActionIcon>
        </Group>
      ))}
      <Button variant="default" w="fit-content" size="compact-sm" leftSection={<IconPlus size={16} />} disabled={value.length >= 10} onClick={() => onChange([...value, { name: '', pattern: '', action: 'block' }])}>{t('dlp.addPattern')}</Button>
    </Stack>
  );
}
