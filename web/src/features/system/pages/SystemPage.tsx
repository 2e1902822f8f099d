import { ActionIcon, Alert, Badge, Group, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { Link } from 'react-router';
import { api, ok } from '@/api/http';
import type { Phase, Runtime, System } from '@/api/types';
import { t, tn, tOr } from '@/i18n';
import { formatBytes, formatCount, formatExact, formatMs, formatSeconds } from '@/model/format';
import { phaseGroups } from '@/model/phase';
import { Facts } from '@/parts/Facts';
import { StateDot } from '@/parts/StateDot';
import { Card } from '@/ui/Card';
import { Page } from '@/ui/Page';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { StoreCard } from '../components/StoreCard';
import { warningsOf } from '../system';
import css from './SystemPage.module.css';

export function SystemPage() {
  const query = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => ok(api.GET('/api/v1/system', { signal })), staleTime: 0 });
  const refresh = (
    <Tooltip label={t('action.refresh')}>
      <ActionIcon size={36} variant="default" aria-label={t('action.refresh')} loading={query.isFetching} onClick={() => void query.refetch()}><IconRefresh size={20} stroke={1.6} /></ActionIcon>
    </Tooltip>
  );
  return (
    <Page title={t('system.title')} lead={t('system.lead')} action={refresh}>
      {query.isPending ? <RowsSkeleton rows={4} height={120} /> : query.isError ? <ErrorView error={query.error} retry={() => void query.refetch()} /> : <Overview system={query.data} />}
    </Page>
  );
}

function Overview({ system }: { system: System }) {
  const warnings = warningsOf(system);
  return (
    <>
      {warnings.length === 0 ? (
        <Alert className={css.state} color="green" variant="light" icon={<IconCircleCheck size={20} />}>{t('system.allWell')}</Alert>
      ) : (
        <Alert className={css.state} color="amber" variant="light" icon={<IconAlertTriangle size={20} />} title={tn('system.attention', warnings.length)}>
          <ul className={css.warnings}>{warnings.map((text) => <li key={text}>{text}</li>)}</ul>
        </Alert>
      )}
      <div className={css.grid}>
        <Card title={t('system.sessions')}><Phases counts={system.sessions} /></Card>
        {system.runtimes.map((runtime) => <RuntimeCard key={runtime.name} runtime={runtime} />)}
        <Card title={t('system.database')}>
          <Facts rows={[
            [t('system.version'), system.database.version],
            [t('system.size'), formatBytes(system.database.size_bytes)],
            [t('system.connections'), formatCount(system.database.connections)],
            [t('system.latency'), formatMs(system.database.latency_ms)],
          ]} />
        </Card>
        <StoreCard />
        {/* The store of recordings has a card of its own, with more on it. */}
        {system.parts.filter((part) => part.name !== 'recordings.store').map((part) => <PartCard key={part.name} part={part} />)}
        <Card title={t('system.process')}>
          <Facts rows={[
            [t('system.version'), system.version],
            [t('system.instance'), system.instance],
            [t('system.uptime'), <Tooltip key="u" label={formatExact(system.started_at)}><span>{formatSeconds(system.uptime_seconds)}</span></Tooltip>],
            [t('system.events'), formatCount(system.event_position)],
            [t('system.memory'), formatBytes(system.process.memory_bytes)],
            [t('system.cpuTime'), formatSeconds(system.process.cpu_seconds)],
            [t('system.cores'), formatCount(system.process.cores)],
            [t('system.threads'), formatCount(system.process.threads)],
            ...(system.replicas.length > 1 ? [[t('system.replicas'), system.replicas.map((replica) => replica.node).join(', ')] as [string, string]] : []),
          ]} />
        </Card>
      </div>
    </>
  );
}

/** Each number leads to its list. */
function Phases({ counts }: { counts: System['sessions'] }) {
  const rows = Object.entries(counts).filter(([, count]) => count > 0) as [Phase, number][];
  if (rows.length === 0) return <Text c="dimmed">{t('system.noSessions')}</Text>;
  return (
    <ul className={css.phases}>
      {rows.map(([phase, count]) => {
        const group = Object.entries(phaseGroups).find(([, phases]) => (phases as readonly string[]).includes(phase))?.[0];
        return (
          <li key={phase}>
            <Link to={group ? `/admin/sessions?state=${group}` : '/admin/sessions'}><StateDot phase={phase} /><b className="tnum">{formatCount(count)}</b></Link>
          </li>
        );
      })}
    </ul>
  );
}

function RuntimeCard({ runtime }: { runtime: Runtime }) {
  const can = Object.entries(runtime.capabilities).filter(([, value]) => value === true).map(([name]) => tOr(`capability.${name}`, name.replace(/_/g, ' ')));
  return (
    <Card title={runtime.name} aside={<Badge variant="light" tt="none" color={runtime.available ? 'green' : 'red'}>{runtime.available ? t('system.available') : t('system.unavailable')}</Badge>}>
      {runtime.problem && <Text mb="sm" c="var(--ss-failed)">{runtime.problem}</Text>}
      {runtime.warnings.map((warning) => (
        <Group key={warning} gap="sm" mb="sm" wrap="nowrap" align="flex-start">
          <IconAlertTriangle size={18} stroke={1.6} color="var(--ss-warning)" style={{ flex: 'none', marginTop: 2 }} aria-hidden />
          <Text size="sm">{warning}</Text>
        </Group>
      ))}
      <Facts rows={[
        ...(runtime.version ? [[t('system.version'), runtime.version] as [string, string]] : []),
        ...(can.length > 0 ? [[t('system.capabilities'), can.join(', ')] as [string, string]] : []),
      ]} />
    </Card>
  );
}

const wordOf = (part: string) => part.replace('.', '_');

function PartCard({ part }: { part: System['parts'][number] }) {
  const state = part.problem ? 'unavailable' : part.used ? 'available' : 'notSetUp';
  const color = { unavailable: 'red', available: 'green', notSetUp: 'gray' }[state];
  return (
    <Card title={tOr(`system.part.${wordOf(part.name)}`, part.name)} aside={<Badge variant="light" tt="none" color={color}>{t(`system.${state as 'unavailable' | 'available' | 'notSetUp'}`)}</Badge>}>
      <Text {...(part.problem && { c: 'var(--ss-failed)' })}>{part.problem ?? tOr(`system.part.${wordOf(part.name)}.help`, '')}</Text>
    </Card>
  );
}
