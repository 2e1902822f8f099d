import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isProblem } from '@/api/http';
import type { Team } from '@/api/types';
import { t } from '@/i18n';
import { teamQuery } from '@/model/teams';
import { SideDrawer } from '@/ui/SideDrawer';
import { EmptyView, ErrorView } from '@/ui/views';
import { useTeamActions } from '../teams.queries';
import { Members } from './Members';
import { TeamForm } from './TeamForm';

/** One team: what it is for and who is in it. */
export function TeamDrawer({ id, mayManage, onClose }: { id: string | null; mayManage: boolean; onClose: () => void }) {
  const query = useQuery({ ...teamQuery(id ?? ''), enabled: id !== null });
  return (
    <SideDrawer opened={id !== null} onClose={onClose} title={query.data?.name ?? t('teams.title')}>
      {isProblem(query.error, 404) ? (
        <EmptyView title={t('teams.missing')} />
      ) : query.data ? (
        <Details key={query.data.id} team={query.data} mayManage={mayManage} onClose={onClose} />
      ) : query.isError ? (
        <ErrorView compact error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack><Skeleton height={120} /><Skeleton height={200} /></Stack>
      )}
    </SideDrawer>
  );
}

function Details({ team, mayManage, onClose }: { team: Team; mayManage: boolean; onClose: () => void }) {
  const actions = useTeamActions(team);
  return (
    <Stack gap="lg">
      {mayManage ? <TeamForm team={team} /> : team.description && <Text>{team.description}</Text>}
      <Members team={team} mayManage={mayManage} />
      {mayManage && <Button variant="subtle" color="red" w="fit-content" onClick={() => void actions.remove().then((gone) => gone && onClose())}>{t('teams.delete')}</Button>}
    </Stack>
  );
}
