import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { isProblem } from '@/api/http';
import { t } from '@/i18n';
import { sessionQuery } from '@/model/sessions';
import { usePageTitle } from '@/ui/usePageTitle';
import { EmptyView, ErrorView } from '@/ui/views';
import { Viewer } from '../components/Viewer';
import { useDark } from '../useDark';
import css from './ViewerPage.module.css';

/** The desktop, edge to edge. */
export function ViewerPage() {
  const { id = '' } = useParams();
  const session = useQuery(sessionQuery(id));
  usePageTitle(session.data?.name);
  useDark();
  if (session.data) return <Viewer key={session.data.id} session={session.data} />;
  return (
    <main className={css.page}>
      {isProblem(session.error, 404) ? (
        <EmptyView page title={t('detail.missing')} help={t('detail.missingHelp')} action={<Button component={Link} to="/sessions">{t('over.sessions')}</Button>} />
      ) : session.isError ? (
        <ErrorView error={session.error} retry={() => void session.refetch()} />
      ) : (
        <h1 className="visually-hidden">{t('scene.connecting')}</h1>
      )}
    </main>
  );
}
