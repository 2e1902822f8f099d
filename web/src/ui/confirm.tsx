import { Button, Group, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { t } from '@/i18n';
import { Dialog } from './Dialog';

interface Question {
  title: string;
  body: string;
  action: string;
  danger?: boolean;
}

let open: (Question & { answer: (yes: boolean) => void }) | null = null;
const listeners = new Set<() => void>();

function show(next: typeof open): void {
  open = next;
  listeners.forEach((listener) => listener());
}

/** Asks once, naming the thing; resolves to the answer. */
export function confirm(question: Question): Promise<boolean> {
  open?.answer(false);
  return new Promise((resolve) => show({ ...question, answer: resolve }));
}

export function ConfirmHost() {
  const question = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => open,
  );
  const answer = (yes: boolean) => {
    question?.answer(yes);
    show(null);
  };
  return (
    <Dialog opened={question !== null} onClose={() => answer(false)} title={question?.title ?? ''}>
      <Text c="dimmed">{question?.body}</Text>
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={() => answer(false)}>{t('action.cancel')}</Button>
        <Button color={question?.danger ? 'red' : 'accent'} onClick={() => answer(true)} data-autofocus>{question?.action}</Button>
      </Group>
    </Dialog>
  );
}
