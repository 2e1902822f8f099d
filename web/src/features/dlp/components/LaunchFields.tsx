import { Stack, Switch, TextInput, Textarea, Title } from '@mantine/core';
import { t } from '@/i18n';
import type { PolicyForm } from '../policyForm';

interface Props {
  form: PolicyForm;
  onChange: (change: Partial<PolicyForm>) => void;
  issueOf?: ((field: string) => string | undefined) | undefined;
}

/** What is wanted before a launch; in an exception, what is no longer wanted. */
export function LaunchFields({ form, onChange }: Props) {
  const lifts = form.kind === 'exception';
  return (
    <Stack gap="sm" mt="sm" role="group" aria-label={t('dlp.launch')}>
      <Title order={3} size="h4">{t('dlp.launch')}</Title>
      <Switch label={t(lifts ? 'dlp.noReason' : 'dlp.reasonNeeded')} checked={form.launchReason} onChange={(e) => onChange({ launchReason: e.currentTarget.checked })} />
      <Switch label={t(lifts ? 'dlp.noApproval' : 'dlp.approvalNeeded')} checked={form.launchApproval} onChange={(e) => onChange({ launchApproval: e.currentTarget.checked })} />
    </Stack>
  );
}

/** Why there is an exception and when it ends. */
export function ExceptionFields({ form, onChange, issueOf }: Props) {
  return (
    <>
      <Textarea label={t('dlp.reason')} required autosize minRows={1} maxRows={4} maxLength={1000} value={form.reason} onChange={(e) => onChange({ reason: e.currentTarget.value })} error={issueOf?.('reason')} />
      <TextInput type="datetime-local" label={t('dlp.expires')} required value={form.expires} onChange={(e) => onChange({ expires: e.currentTarget.value })} error={issueOf?.('expires_at')} />
    </>
  );
}
