import { Alert, Button, Group, Radio, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { toProblem, type Problem } from '@/api/problem';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatDuration } from '@/model/format';
import { nameOf } from '@/model/people';
import { levels, personOf, spans, useShares, type Level } from '@/model/shares';
import { Dialog } from '@/ui/Dialog';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toast';
import css from './ShareDialog.module.css';
import { SharePeople } from './SharePeople';

/** Gives people access to a session, and shows who has it. */
export function ShareDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title={t('share.title', { name: session.name })}>
      <Stack gap="md">
        <p className={css.warning}><IconEye size={18} stroke={1.8} aria-hidden /><span>{t('share.warning')}</span></p>
        <Form session={session} />
        <SharePeople session={session} />
      </Stack>
    </Dialog>
  );
}

const personFields = ['username', 'email', 'user_id'];

/** What is wrong with the person that was named, in words that fit the one field of this form. */
function personIssue(problem: Problem): string | undefined {
  if (problem.code === 'USER_NOT_FOUND') return t('share.noPerson');
  if (['SHARED_WITH_ONESELF', 'ALREADY_OWNER', 'PERSON_LOCKED'].includes(problem.code)) return problemText(problem);
  return personFields.map((field) => problem.issueOf(field)).find((issue) => issue !== undefined);
}

function Form({ session }: { session: Session }) {
  const id = useId();
  const [person, setPerson] = useState('');
  const [level, setLevel] = useState<Level>('view');
  const [span, setSpan] = useState('');
  const [note, setNote] = useState('');
  const { give } = useShares(session.id);
  const problem = give.isError ? toProblem(give.error) : null;
  const issue = problem ? personIssue(problem) : undefined;
  const late = problem?.code === 'EXPIRY_NOT_ALLOWED' ? problemText(problem) : undefined;
  const share = () =>
    give.mutate(
      { ...personOf(person), level, ...(span && { expires_in: span }), ...(note.trim() && { note: note.trim() }) },
      {
        onSuccess: (given) => {
          toast(t('share.given', { name: nameOf(given.user) }));
          setPerson('');
          setNote('');
        },
      },
    );
  return (
    <form onSubmit={(e) => { e.preventDefault(); if (person.trim()) share(); }}>
      <Stack gap="md">
        {problem && !issue && !late && <Alert color="red" variant="light" role="alert">{problemText(problem)}</Alert>}
        <TextInput label={t('share.person')} description={t('share.personHelp')} required maxLength={254} spellCheck={false} autoCapitalize="none" autoComplete="off" data-autofocus
          value={person} onChange={(e) => { setPerson(e.currentTarget.value); give.reset(); }} error={issue} />
        <Radio.Group label={t('share.level')} value={level} onChange={(value) => setLevel(value as Level)} name={id}>
          <Stack gap="xs" mt={6}>
            {levels.map((name) => <Radio key={name} value={name} label={t(`level.${name}`)} description={t(`level.${name}Help`)} />)}
          </Stack>
        </Radio.Group>
        <Select label={t('share.until')} allowDeselect={false} value={span} onChange={(value) => { setSpan(value ?? ''); give.reset(); }} error={late} comboboxProps={{ zIndex: 400 }}
          data={spans.map((value) => ({ value, label: value ? t('share.for', { time: formatDuration(value) }) : t('share.forever') }))} />
        <Textarea label={t('share.note')} description={t('share.noteHelp')} autosize minRows={1} maxRows={3} maxLength={200} value={note}
          onChange={(e) => setNote(e.currentTarget.value.replace(/\s+/g, ' '))} error={problem?.issueOf('note')} />
        <Group justify="flex-end">
          <Button type="submit" loading={give.isPending} disabled={person.trim() === ''}>{t('share.give')}</Button>
        </Group>
        <Title order={3} size="h4">{t('share.who')}</Title>
        <Text className="visually-hidden" role="status">{give.isSuccess ? t('share.given', { name: give.data.user.username }) : ''}</Text>
      </Stack>
    </form>
  );
}
