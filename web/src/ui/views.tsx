import { Button, Code, CopyButton, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { toProblem } from '@/api/problem';
import { t, useLanguage } from '@/i18n';
import { problemText } from './problemText';
import css from './views.module.css';

/** Nothing here yet: says so and what to do about it. */
export function EmptyView({ icon, title, help, action, page }: { page?: boolean; icon?: ReactNode; title: string; help?: string; action?: ReactNode }) {
  return (
    <div className={css.center}>
      {icon && <div className={css.icon} aria-hidden>{icon}</div>}
      <Title order={page ? 1 : 2} size="h3">{title}</Title>
      {help && <Text c="dimmed" maw={460}>{help}</Text>}
      {action && <Group mt="sm" justify="center">{action}</Group>}
    </div>
  );
}

/** What went wrong, why, and a way on; the trace id leads an administrator to the log line. */
export function ErrorView({ error, retry, compact }: { error: unknown; retry?: () => void; compact?: boolean }) {
  useLanguage();
  const problem = toProblem(error);
  return (
    <div className={compact ? css.compact : css.center} role="alert">
      {!compact && <div className={css.icon} aria-hidden><IconAlertTriangle size={28} stroke={1.5} /></div>}
      <Title order={2} size="h3">{t('error.title')}</Title>
      <Text c="dimmed" maw={520}>{problemText(problem)}</Text>
      <Group mt="sm" gap="sm" justify={compact ? 'flex-start' : 'center'}>
        {retry && <Button variant="default" onClick={retry}>{t('action.retry')}</Button>}
        {problem.traceId && <TraceId id={problem.traceId} />}
      </Group>
    </div>
  );
}

export function TraceId({ id }: { id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={copy} aria-label={t('error.copyTrace')}
          rightSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}>
          {t('error.trace')} <Code ml={6} className={css.trace}>{id}</Code>
        </Button>
      )}
    </CopyButton>
  );
}

/** The shape of a list while it loads. */
export function RowsSkeleton({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" aria-busy="true" aria-live="polite">
      {Array.from({ length: rows }, (_, i) => <Skeleton key={i} height={height} />)}
    </Stack>
  );
}

export function CardsSkeleton({ cards = 8, height = 148, className }: { cards?: number; height?: number; className?: string }) {
  return (
    <div className={className ?? css.cards} aria-busy="true">
      {Array.from({ length: cards }, (_, i) => <Skeleton key={i} height={height} />)}
    </div>
  );
}
