import { Switch, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconShieldLock } from '@tabler/icons-react';
import type { DlpPolicy } from '@/api/types';
import { t, tn } from '@/i18n';
import { formatExact } from '@/model/format';
import { TimeAgo } from '@/parts/TimeAgo';
import { DenseTable } from '@/ui/DenseTable';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import { policiesQuery, usePolicyActions } from '../dlp.queries';
import css from '../pages/ProtectionPage.module.css';
import { Grade } from './Grade';

export function PolicyList({ onOpen, mayManage }: { onOpen: (policy: DlpPolicy) => void; mayManage: boolean }) {
  const query = useQuery(policiesQuery);
  const actions = usePolicyActions();
  if (query.isPending) return <RowsSkeleton rows={6} />;
  if (query.isError) return <ErrorView error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyView icon={<IconShieldLock size={28} stroke={1.5} />} title={t('dlp.empty')} help={t('dlp.emptyHelp')} />;
  return (
    <DenseTable minWidth={720} label={t('dlp.tab.policies')}>
      <Table.Thead>
        <Table.Tr>
          {(['name', 'applies', 'severity', 'priority', 'changed', 'on'] as const).map((name) => <Table.Th key={name}>{t(`dlp.col.${name}`)}</Table.Th>)}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {query.data.items.map((policy) => (
          <Table.Tr key={policy.id}>
            <Table.Td className={css.name}><button type="button" className={css.open} onClick={() => onOpen(policy)}>{policy.name}</button>{policy.kind === 'exception' && <Until time={policy.expires_at} />}</Table.Td>
            <Table.Td>{reachOf(policy)}</Table.Td>
            <Table.Td><Grade of="severity" value={policy.severity} /></Table.Td>
            <Table.Td className="tnum">{policy.priority}</Table.Td>
            <Table.Td><TimeAgo time={policy.updated_at} /></Table.Td>
            <Table.Td><Switch aria-label={t('dlp.turnOn', { name: policy.name })} checked={policy.enabled} disabled={!mayManage} onChange={(e) => void actions.turn(policy, e.currentTarget.checked)} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </DenseTable>
  );
}

function reachOf({ apply_to: { all, users, teams, templates, sessions } }: DlpPolicy): string {
  if (all) return t('dlp.applies.all');
  const counted = [['dlp.applies.users', users], ['teams.count', teams], ['dlp.applies.templates', templates], ['dlp.applies.sessions', sessions]] as const;
  return counted.filter(([, ids]) => ids?.length).map(([key, ids]) => tn(key, ids?.length ?? 0)).join(', ');
}

/** An exception says when it ends, or that it has. */
function Until({ time }: { time: string | null }) {
  const over = time !== null && new Date(time) <= new Date();
  return <Text size="xs" c="dimmed">{t(over ? 'dlp.exceptionOver' : 'dlp.exceptionUntil', { time: formatExact(time ?? '') })}</Text>;
}
