import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconShare } from '@tabler/icons-react';
import { t } from '@/i18n';
import { isOver } from '@/model/phase';
import { rowsOf, sessionsQuery } from '@/model/sessions';
import { SessionCard } from '@/parts/SessionCard';
import { Page } from '@/ui/Page';
import { CardsSkeleton, EmptyView, ErrorView } from '@/ui/views';
import css from './SharedPage.module.css';

/** Other people's sessions that one may look at; comes and goes with the realtime socket. */
export function SharedPage() {
  const query = useInfiniteQuery(sessionsQuery({ shared: true, sort: '-created_at' }));
  const rows = rowsOf(query.data).filter((session) => !isOver(session.phase));
  return (
    <Page title={t('shared.title')} lead={t('shared.lead')}>
      {query.isPending ? (
        <CardsSkeleton cards={3} height={290} />
      ) : query.isError && rows.length === 0 ? (
        <ErrorView error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyView icon={<IconShare size={28} stroke={1.5} />} title={t('shared.empty')} help={t('shared.emptyHelp')} />
      ) : (
        <div className={css.grid}>{rows.map((session) => <SessionCard key={session.id} session={session} />)}</div>
      )}
      {query.hasNextPage && <Button mt="md" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('action.loadMore')}</Button>}
    </Page>
  );
}
