import { Alert, Button, Group, MultiSelect, NumberInput, SegmentedControl, Select, Stack, Switch, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { DlpPolicy } from '@/api/types';
import { t } from '@/i18n';
import { TeamsField } from '@/parts/TeamsField';
import { problemText } from '@/ui/problemText';
import { SideDrawer } from '@/ui/SideDrawer';
import { toast } from '@/ui/toast';
import { dlpKeys, peopleQuery, templatesQuery, usePolicyActions } from '../dlp.queries';
import { emptyForm, exceptionOf, formOf, rulesOf, scopeOf, severities, type PolicyForm, type Severity } from '../policyForm';
import { ActionChoice, ClipboardFields } from './ClipboardFields';
import { FileFields } from './FileFields';
import { ExceptionFields, LaunchFields } from './LaunchFields';
import { PolicyTrial } from './PolicyTrial';
import { WatermarkFields } from './WatermarkFields';

interface Props {
  policy: DlpPolicy | 'new' | null;
  mayManage: boolean;
  onClose: () => void;
}

/** One policy: whom it is about, what it says, and what that would do. */
export function PolicyDrawer({ policy, mayManage, onClose }: Props) {
  const title = policy && policy !== 'new' ? t('dlp.edit', { name: policy.name }) : t('dlp.new');
  return (
    <SideDrawer opened={policy !== null} onClose={onClose} title={title} size={560}>
      {policy && <Form key={policy === 'new' ? 'new' : policy.id} policy={policy === 'new' ? null : policy} mayManage={mayManage} onClose={onClose} />}
    </SideDrawer>
  );
}

function Form({ policy, mayManage, onClose }: { policy: DlpPolicy | null; mayManage: boolean; onClose: () => void }) {
  const [form, setForm] = useState<PolicyForm>(policy ? formOf(policy) : emptyForm);
  const set = (change: Partial<PolicyForm>) => setForm((old) => ({ ...old, ...change }));
  const queries = useQueryClient();
  const actions = usePolicyActions();
  const people = useQuery(peopleQuery);
  const templates = useQuery(templatesQuery);
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: form.name.trim(), description: form.description.trim(), severity: form.severity, priority: form.priority, notify_admin: form.notifyAdmin, ...exceptionOf(form),
        apply_to: scopeOf(form, policy?.apply_to), rules: rulesOf(form, policy?.rules),
      };
      return policy
        ? ok(api.PATCH('/api/v1/dlp/policies/{id}', { params: { path: { id: policy.id } }, body, headers: { 'If-Match': `"${policy.version}"` } }))
        : ok(api.POST('/api/v1/dlp/policies', { body: { ...body, kind: form.kind } }));
    },
    onSuccess: ({ name }) => {
      toast(t('dlp.saved', { name }));
      void queries.invalidateQueries({ queryKey: dlpKeys.all });
      onClose();
    },
  });
  const problem = save.isError ? toProblem(save.error) : null;
  const exception = form.kind === 'exception';
  const shown = ['name', 'description', 'priority', 'rules.upload.max_bytes', 'rules.download.max_bytes', ...(exception ? ['reason', 'expires_at'] : [])];
  const elsewhere = problem?.fields.filter((f) => !shown.includes(f.field) && !f.field.startsWith('rules.watermark')) ?? [];
  return (
    <Stack gap="lg">
      <form id="policy" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <fieldset disabled={!mayManage} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack gap="md">
            {problem && (problem.fields.length === 0 || elsewhere.length > 0) && (
              <Alert color="red" variant="light" role="alert">{elsewhere.length > 0 ? elsewhere.map((f) => `${f.field}: ${f.issue}`).join(' ') : problemText(problem)}</Alert>
            )}
            {!policy && <SegmentedControl aria-label={t('dlp.kind')} value={form.kind} onChange={(kind) => set({ kind: kind as PolicyForm['kind'] })} data={(['restriction', 'exception'] as const).map((value) => ({ value, label: t(`dlp.kind.${value}`) }))} />}
            <TextInput label={t('dlp.col.name')} description={t('dlp.nameHelp')} required data-autofocus maxLength={80} value={form.name} onChange={(e) => set({ name: e.currentTarget.value })} error={problem?.issueOf('name')} />
            <Textarea label={t('dlp.description')} autosize minRows={1} maxRows={4} maxLength={1000} value={form.description} onChange={(e) => set({ description: e.currentTarget.value })} error={problem?.issueOf('description')} />
            {exception && <ExceptionFields form={form} onChange={set} issueOf={problem?.issueOf} />}
            <Group grow align="flex-start">
              <Select label={t('dlp.col.severity')} allowDeselect={false} value={form.severity} onChange={(value) => value && set({ severity: value as Severity })} data={severities.map((value) => ({ value, label: t(`dlp.severity.${value}`) }))} />
              <NumberInput label={t('dlp.col.priority')} min={-1000} max={1000} allowDecimal={false} value={form.priority} onChange={(value) => set({ priority: Number(value) || 0 })} error={problem?.issueOf('priority')} />
            </Group>
            {!exception && <Switch label={t('dlp.notifyAdmin')} checked={form.notifyAdmin} onChange={(e) => set({ notifyAdmin: e.currentTarget.checked })} />}
            <Switch label={t('dlp.everybody')} checked={form.everybody} onChange={(e) => set({ everybody: e.currentTarget.checked })} />
            {!form.everybody && (
              <>
                <MultiSelect label={t('dlp.users')} searchable value={form.users} onChange={(users) => set({ users })} data={known(people.data, form.users)} />
                <TeamsField value={form.teams} onChange={(teams) => set({ teams })} />
                <MultiSelect label={t('dlp.templates')} searchable value={form.templates} onChange={(names) => set({ templates: names })} data={known(templates.data, form.templates)} />
              </>
            )}
            <LaunchFields form={form} onChange={set} />
            <ClipboardFields title={t('dlp.in')} exception={exception} value={form.in} onChange={(change) => setForm((old) => ({ ...old, in: { ...old.in, ...change } }))} />
            <ClipboardFields title={t('dlp.out')} exception={exception} value={form.out} onChange={(change) => setForm((old) => ({ ...old, out: { ...old.out, ...change } }))} />
            <FileFields title={t('dlp.upload')} exception={exception} field="rules.upload" problem={problem} value={form.upload} onChange={(change) => setForm((old) => ({ ...old, upload: { ...old.upload, ...change } }))} />
            <FileFields title={t('dlp.download')} exception={exception} field="rules.download" problem={problem} value={form.download} onChange={(change) => setForm((old) => ({ ...old, download: { ...old.download, ...change } }))} />
            <Title order={3} size="h4" mt="sm">{t('dlp.input')}</Title>
            <NumberInput label={t('dlp.keys')} min={1} max={1000} allowDecimal={false} placeholder={t('dlp.noLimit')} value={form.keys} onChange={(value) => set({ keys: typeof value === 'number' ? value : '' })} />
            {form.keys !== '' && !exception && <ActionChoice label={t('dlp.keysAction')} value={form.keysAction} onChange={(keysAction) => set({ keysAction })} />}
            <Switch label={t('dlp.region.on')} checked={form.region !== null} onChange={(e) => set({ region: e.currentTarget.checked ? { x: 0, y: 0, width: 100, height: 100 } : null })} />
            {form.region && <Region value={form.region} onChange={(region) => set({ region })} />}
            <Switch label={t(exception ? 'dlp.screenshot' : 'dlp.noScreenshot')} checked={form.noScreenshot} onChange={(e) => set({ noScreenshot: e.currentTarget.checked })} />
            <Switch label={t(exception ? 'dlp.printing' : 'dlp.noPrinting')} checked={form.noPrinting} onChange={(e) => set({ noPrinting: e.currentTarget.checked })} />
            {!exception && (
              <>
                <Switch label={t('dlp.noAudio')} checked={form.noAudio} onChange={(e) => set({ noAudio: e.currentTarget.checked })} />
                <Switch label={t('dlp.noMicrophone')} checked={form.noMicrophone} onChange={(e) => set({ noMicrophone: e.currentTarget.checked })} />
              </>
            )}
            {!exception && <WatermarkFields value={form.watermark} onChange={(watermark) => set({ watermark })} issueOf={(field) => problem?.issueOf(field)} />}
          </Stack>
        </fieldset>
      </form>
      {mayManage && !exception && <PolicyTrial form={form} policy={policy} />}
      {mayManage && (
        <Group justify="space-between">
          {policy ? <Button variant="subtle" color="red" onClick={() => void actions.remove(policy).then((gone) => gone && onClose())}>{t('dlp.delete')}</Button> : <span />}
          <Group gap="sm">
            <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
            <Button type="submit" form="policy" loading={save.isPending} disabled={form.name.trim() === '' || (exception && (form.reason.trim() === '' || form.expires === ''))}>{t('action.save')}</Button>
          </Group>
        </Group>
      )}
    </Stack>
  );
}

/** What is chosen stays in the list even when the list does not name it. */
function known(options: { value: string; label: string }[] | undefined, chosen: string[]) {
  return [...(options ?? []), ...chosen.filter((value) => !options?.some((option) => option.value === value)).map((value) => ({ value, label: value }))];
}

function Region({ value, onChange }: { value: NonNullable<PolicyForm['region']>; onChange: (region: NonNullable<PolicyForm['region']>) => void }) {
  return (
    <Group grow role="group" aria-label={t('dlp.region')}>
      {(['x', 'y', 'width', 'height'] as const).map((side) => (
        <NumberInput key={side} label={t(`dlp.region.${side}`)} suffix=" %" min={side === 'x' || side === 'y' ? 0 : 1} max={side === 'x' || side === 'y' ? 99 : 100} allowDecimal={false}
          value={value[side]} onChange={(n) => onChange({ ...value, [side]: Number(n) || 0 })} />
      ))}
    </Group>
  );
}
