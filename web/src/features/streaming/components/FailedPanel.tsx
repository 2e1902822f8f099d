import { Button, Code, Collapse, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import { raw } from '@/api/http';
import type { Session } from '@/api/types';
import { t, tOr } from '@/i18n';
import { useSessionActions } from '@/model/sessionActions';
import css from './SceneLayer.module.css';

/** The reason in words, a way on, and the log for those who want it. */
export function FailedPanel({ session }: { session: Session }) {
  const [open, fold] = useDisclosure();
  const { act } = useSessionActions();
  const log = useQuery({
    queryKey: ['sessions', 'detail', session.id, 'log-tail'],
    queryFn: async () => (await raw(`/api/v1/sessions/${session.id}/logs?tail=80`)).text(),
    enabled: open,
  });
  const reason = session.message || (session.reason ? tOr(`reason.${session.reason}`, session.reason) : t('failed.noMessage'));
  return (
    <div className={css.card} role="alertdialog" aria-labelledby="failed-title">
      <h2 id="failed-title">{t('failed.title', { name: session.name })}</h2>
      <p>{reason}</p>
      <div className={css.ways}>
        {session.permissions.manage && <Button data-autofocus onClick={() => void act('wake', session)}>{t('failed.retry')}</Button>}
        <Button component={Link} to={`/sessions/${session.id}`} variant="default">{t('sessions.details')}</Button>
        <Button variant="subtle" color="gray" onClick={fold.toggle} aria-expanded={open} rightSection={open ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}>{t('failed.log')}</Button>
      </div>
      <Collapse expanded={open}>
        {log.isPending ? <Skeleton height={120} mt="md" /> : <Code block mt="md" mah={260} style={{ overflow: 'auto' }}>{log.data || t('logs.empty')}</Code>}
      </Collapse>
    </div>
  );
}
