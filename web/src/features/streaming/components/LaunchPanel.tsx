import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatMs } from '@/model/format';
import { useSessionActions } from '@/model/sessionActions';
import { LaunchSteps } from '@/parts/LaunchSteps';
import { TemplateIcon } from '@/parts/TemplateIcon';
import { useNow } from '@/ui/useNow';
import css from './LaunchPanel.module.css';

/** While there is no picture: whose icon, which step, how long already. */
export function LaunchPanel({ session }: { session: Session }) {
  const [from] = useState(() => Date.now() - (session.progress?.elapsed_ms ?? 0));
  const now = useNow(100);
  const { act } = useSessionActions();
  const name = session.template.display_name || session.name;
  return (
    <div className={css.panel}>
      <div className={css.icon}><TemplateIcon url={session.template.icon_url} size={88} /></div>
      <h2 className={css.title}>{t(session.phase === 'waking' ? 'launching.waking' : 'launching.title', { name })}</h2>
      {session.phase === 'queued' && session.queue_position !== null && <p className={css.queue}>{t('launching.queued', { n: session.queue_position })}</p>}
      <LaunchSteps session={session} />
      <p className={css.elapsed}>{t('launching.elapsed', { time: formatMs(Math.max(100, now - from)) })}</p>
      <div className={css.ways}>
        <Button component={Link} to="/" variant="subtle" color="gray" size="compact-md">{t('nav.home')}</Button>
        {session.permissions.manage && <Button variant="subtle" color="gray" size="compact-md" onClick={() => void act('end', session)}>{t('action.cancel')}</Button>}
      </div>
    </div>
  );
}
