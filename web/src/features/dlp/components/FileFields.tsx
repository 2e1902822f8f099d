import { MultiSelect, NumberInput, Select, Stack, Switch, Text, Title } from '@mantine/core';
import type { Problem } from '@/api/problem';
import { t } from '@/i18n';
import { kindNames } from '../fileKinds';
import type { FileForm } from '../policyForm';

interface Props {
  title: string;
  /** The section's name in the request, for what the server says of its fields. */
  field: 'rules.upload' | 'rules.download';
  problem: Problem | null;
  value: FileForm;
  /** It loosens instead of restricting. */
  exception?: boolean;
  onChange: (change: Partial<FileForm>) => void;
}

/** Files in one direction. */
export function FileFields({ title, field, problem, value, exception = false, onChange }: Props) {
  return (
    <Stack gap="sm" mt="sm" role="group" aria-label={title}>
      <Title order={3} size="h4">{title}</Title>
      <Switch label={t(exception ? 'dlp.opened' : 'dlp.closed')} checked={value.closed} onChange={(e) => onChange({ closed: e.currentTarget.checked })} />
      {(exception || !value.closed) && (
        <>
          <NumberInput label={t('dlp.filesMax')} min={0.001} max={1_048_576} decimalScale={3} placeholder={t('dlp.noLimit')} value={value.maxMiB} onChange={(n) => onChange({ maxMiB: typeof n === 'number' ? n : '' })} error={problem?.issueOf(`${field}.max_bytes`)} />
          {!exception && <Kinds label={t('dlp.filesDeny')} value={value.deny} onChange={(deny) => onChange({ deny })} />}
          <Kinds label={t(exception ? 'dlp.filesAlso' : 'dlp.filesAllow')} {...(exception ? {} : { placeholder: t('dlp.filesAny') })} value={value.allow} onChange={(allow) => onChange({ allow })} />
          <Switch label={t(exception ? 'dlp.filesUnscanned' : 'dlp.filesScan')} checked={value.scan} onChange={(e) => onChange({ scan: e.currentTarget.checked })} />
          {value.scan !== exception && (
            <>
              {!exception && <Text size="xs" c="dimmed">{t('dlp.filesScanHelp')}</Text>}
              <Select label={t('dlp.unscanned')} allowDeselect={false} value={value.unscanned} onChange={(unscanned) => unscanned && onChange({ unscanned: unscanned as FileForm['unscanned'] })}
                data={(['block', 'warn'] as const).map((action) => ({ value: action, label: t(`dlp.unscanned.${action}`) }))} />
            </>
          )}
        </>
      )}
    </Stack>
  );
}

/** By friendly names; types that a policy names beyond them stay in the list. */
function Kinds({ label, placeholder, value, onChange }: { label: string; placeholder?: string; value: string[]; onChange: (value: string[]) => void }) {
  const known = kindNames.map((kind) => ({ value: kind as string, label: t(`dlp.kind.${kind}`) }));
  const others = value.filter((one) => !known.some((kind) => kind.value === one)).map((one) => ({ value: one, label: one }));
  return <MultiSelect label={label} {...(placeholder && value.length === 0 ? { placeholder } : {})} data={[...known, ...others]} value={value} onChange={onChange} />;
}
