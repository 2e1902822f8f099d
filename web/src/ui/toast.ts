import { notifications } from '@mantine/notifications';
import { toProblem } from '@/api/problem';
import { t } from '@/i18n';
import { problemText } from './problemText';

// The cross has no text of its own, and people who hear the page want to know what it does.
const closable = () => ({ closeButtonProps: { 'aria-label': t('action.close') } });

export const toast = (message: string): void => {
  notifications.show({ message, ...closable() });
};

export const toastError = (message: string): void => {
  notifications.show({ color: 'red', message, autoClose: 10_000, ...closable() });
};

/** A refused action; the trace id goes along, because a toast is gone when the administrator asks for it. */
export function toastProblem(error: unknown): void {
  const problem = toProblem(error);
  const trace = problem.traceId ? ` (${t('error.trace')}: ${problem.traceId})` : '';
  notifications.show({ color: 'red', title: t('error.actionFailed'), message: problemText(problem) + trace, autoClose: 10_000, ...closable() });
}
