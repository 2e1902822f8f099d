import { Alert, Button, List, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { DlpPolicy, DlpPreview } from '@/api/types';
import { t, tOr } from '@/i18n';
import { problemText } from '@/ui/problemText';
import { rulesOf, scopeOf, type PolicyForm } from '../policyForm';

/** What the rules as they stand in the form would do: to a text, and to the last days. */
export function PolicyTrial({ form, policy }: { form: PolicyForm; policy: DlpPolicy | null }) {
  const [text, setText] = useState('');
  const rules = () => rulesOf(form, policy?.rules);
  const preview = useMutation({ mutationFn: () => ok(api.POST('/api/v1/dlp/policies/preview', { body: { rules: rules(), text } })) });
  const dryRun = useMutation({ mutationFn: () => ok(api.POST('/api/v1/dlp/policies/simulate', { body: { policy: { apply_to: scopeOf(form, policy?.apply_to), rules: rules() }, days: 7 } })) });
  const error = preview.error ?? dryRun.error;
  return (
    <Stack gap="sm" role="group" aria-label={t('dlp.trial')}>
      <Title order={3} size="h4">{t('dlp.trial')}</Title>
      {error && <Alert color="red" variant="light" role="alert">{describe(error)}</Alert>}
      <Textarea label={t('dlp.sample')} description={t('dlp.sampleHelp')} autosize minRows={2} maxRows={6} maxLength={100_000} value={text} onChange={(e) => { setText(e.currentTarget.value); preview.reset(); }} />
      <Button variant="default" w="fit-content" disabled={text === ''} loading={preview.isPending} onClick={() => preview.mutate()}>{t('dlp.check')}</Button>
      <div aria-live="polite">
        {preview.data && (
          <>
            <Verdict way="in" verdict={preview.data.clipboard_in} />
            <Verdict way="out" verdict={preview.data.clipboard_out} />
          </>
        )}
      </div>
      <Button variant="default" w="fit-content" loading={dryRun.isPending} onClick={() => dryRun.mutate()}>{t('dlp.dryRun')}</Button>
      <div aria-live="polite">
        {dryRun.data && (
          <>
            <Text size="sm">{t('dlp.dryRunResult', { operations: Number(dryRun.data.operations), blocked: Number(dryRun.data.would_block), warned: Number(dryRun.data.would_warn), unknown: Number(dryRun.data.unknown) })}</Text>
            {dryRun.data.truncated && <Text size="sm" c="dimmed">{t('dlp.dryRunTruncated')}</Text>}
          </>
        )}
      </div>
    </Stack>
  );
}

function describe(error: unknown): string {
  const problem = toProblem(error);
  return problem.fields.length > 0 ? problem.fields.map((f) => `${f.field}: ${f.issue}`).join(' ') : problemText(problem);
}

function Verdict({ way, verdict }: { way: 'in' | 'out'; verdict: DlpPreview['clipboard_in'] }) {
  const name = (finding: string) => tOr(`dlp.detector.${finding}`, finding);
  return (
    <>
      <Text size="sm" fw={550}>{t(`dlp.verdict.${way}`, { outcome: t(`dlp.outcome.${verdict.outcome}`) })}</Text>
      {verdict.findings.length > 0 && (
        <List size="sm" mb="xs">
          {verdict.findings.map((f) => <List.Item key={`${f.name} ${f.action}`}>{f.timed_out ? t('dlp.timedOut', { name: name(f.name) }) : t('dlp.found', { name: name(f.name), count: Number(f.matches) })}</List.Item>)}
        </List>
      )}
    </>
  );
}
