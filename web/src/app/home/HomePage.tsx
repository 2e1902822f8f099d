import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconArrowRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Session, Template } from '@/api/types';
import { TemplateCard } from '@/features/templates/components/TemplateCard';
import { t } from '@/i18n';
import { useLaunch } from '@/model/launch';
import { useMe } from '@/model/me';
import { isOver } from '@/model/phase';
import { rowsOf, sessionsQuery } from '@/model/sessions';
import { bestRuntime, byLastUse, templatesQuery, useFavourite } from '@/model/templates';
import { SessionCard } from '@/parts/SessionCard';
import { Page } from '@/ui/Page';
import { toastProblem } from '@/ui/toast';
import { CardsSkeleton, ErrorView } from '@/ui/views';
import css from './HomePage.module.css';

export function HomePage() {
  const me = useMe();
  const sessions = useInfiniteQuery(sessionsQuery({ owner: me.user.id, sort: '-created_at' }));
  const templates = useQuery(templatesQuery);
  const mine = rowsOf(sessions.data).filter((session) => !isOver(session.phase)).sort(byUse);
  return (
    <Page title={t('home.title')}>
      {sessions.isPending ? (
        <CardsSkeleton cards={3} height={280} className={css.pictures} />
      ) : sessions.isError && mine.length === 0 ? (
        <ErrorView error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <Running sessions={mine} />
      )}
      {templates.isError ? (
        <ErrorView compact error={templates.error} retry={() => void templates.refetch()} />
      ) : templates.isPending ? (
        <CardsSkeleton cards={3} height={124} className={css.cards} />
      ) : (
        <Launchable templates={templates.data} nothingRuns={sessions.isSuccess && mine.length === 0} />
      )}
    </Page>
  );
}

/** What runs stands first, then what was used last. */
const byUse = (a: Session, b: Session): number =>
  Number(b.phase === 'running') - Number(a.phase === 'running') || (b.last_activity_at ?? b.created_at).localeCompare(a.last_activity_at ?? a.created_at);

function Section({ title, link, children }: { title: string; link?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.section}>
      <header className={css.head}>
        <h2>{title}</h2>
        {link}
      </header>
      {children}
    </section>
  );
}

function Running({ sessions }: { sessions: Session[] }) {
  if (sessions.length === 0) return null;
  return (
    <Section title={t('home.running')} link={<More to="/sessions" text={t('home.allSessions')} />}>
      <div className={css.pictures}>
        {sessions.slice(0, 9).map((session) => (
          <SessionCard key={session.id} heading="h3" session={session} />
        ))}
      </div>
    </Section>
  );
}

function Launchable({ templates, nothingRuns }: { templates: Template[]; nothingRuns: boolean }) {
  const used = templates.filter((x) => x.last_used_at !== null).sort(byLastUse).slice(0, 3);
  const favourites = templates.filter((x) => x.favourite && !used.includes(x)).slice(0, 6);
  const first = templates.filter((x) => bestRuntime(x)).slice(0, 3);
  const browse = <More to="/catalogue" text={t('home.browse')} />;
  return (
    <>
      {nothingRuns && (
        <div className={css.welcome}>
          <h2>{t('home.none')}</h2>
          <p>{t('home.noneHelp')}</p>
        </div>
      )}
      {nothingRuns && used.length === 0 && <Cards templates={first} />}
      {used.length > 0 && <Section title={t('home.again')} link={browse}><Cards templates={used} /></Section>}
      {favourites.length > 0 && <Section title={t('home.favourites')} {...(used.length === 0 ? { link: browse } : {})}><Cards templates={favourites} /></Section>}
      {used.length === 0 && favourites.length === 0 && <Button mt="lg" component={Link} to="/catalogue" variant="default">{t('home.browse')}</Button>}
    </>
  );
}

function Cards({ templates }: { templates: Template[] }) {
  const launch = useLaunch();
  const favourite = useFavourite();
  return (
    <div className={css.cards}>
      {templates.map((template) => (
        <TemplateCard key={template.name} heading="h3" template={template} busy={launch.isPending}
          onLaunch={() => launch.mutate({ template: template.name }, { onError: toastProblem })}
          onStar={() => favourite.mutate({ name: template.name, favourite: !template.favourite }, { onError: toastProblem })} />
      ))}
    </div>
  );
}

function More({ to, text }: { to: string; text: string }) {
  return (
    <Link to={to} className={css.more}>
      {text} <IconArrowRight size={16} stroke={1.8} aria-hidden />
    </Link>
  );
}
