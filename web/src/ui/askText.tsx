import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { t } from '@/i18n';
import { Dialog } from './Dialog';

interface Question {
  title: string;
  body: string;
  label: string;
  action: string;
}

type Open = Question & { answer: (text: string | null) => void };

let open: Open | null = null;
const listeners = new Set<() => void>();

function show(next: Open | null): void {
  open = next;
  listeners.forEach((listener) => listener());
}

/** Asks for a few words; resolves to them, or to null when the person changes their mind. */
export function askText(question: Question): Promise<string | null> {
  open?.answer(null);
  return new Promise((resolve) => show({ ...question, answer: resolve }));
}

export function AskTextHost() {
  const question = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => open,
  );
  const answer = (text: string | null) => {
    question?.answer(text);
    show(null);
  };
  return (
    <Dialog opened={question !== null} onClose={() => answer(null)} title={question?.title ?? ''}>
      {question && <Form question={question} onAnswer={answer} />}
    </Dialog>
  );
}

function Form({ question, onAnswer }: { question: Question; onAnswer: (text: string | null) => void }) {
  const [text, setText] = useState('');
  return (
    <form onSubmit={(e) => { e.preventDefault(); if (text.trim()) onAnswer(text.trim()); }}>
      <Text c="dimmed" mb="md">{question.body}</Text>
      <Textarea label={question.label} required autosize minRows={2} maxRows={6} maxLength={500} data-autofocus value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={() => onAnswer(null)}>{t('action.cancel')}</Button>
        <Button type="submit" disabled={text.trim() === ''}>{question.action}</Button>
      </Group>
    </form>
  );
}
