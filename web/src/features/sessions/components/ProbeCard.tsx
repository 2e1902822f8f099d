import { Alert, Button, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { Probe, Session } from '@/api/types';
import { t } from '@/i18n';
import { formatMs } from '@/model/format';
import { may, permissions, useMe } from '@/model/me';
import { isOver } from '@/model/phase';
import { Facts } from '@/parts/Facts';
import { Card } from '@/ui/Card';
import { problemText } from '@/ui/problemText';
import { binsOf } from '../histogram';
import css from './ProbeCard.module.css';

/** For administrators: how long input takes to its picture, and how much of that is ours. */
export function ProbeCard({ session }: { session: Session }) {
  const me = useMe();
  const probe = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/sessions/{session}/probe', { params: { path: { session: session.id } }, body: {} })),
  });
  if (!may(me, permissions.probe) || isOver(session.phase)) return null;
  const runs = session.phase === 'running';
  const button = (
    <Button size="compact-sm" variant="default" disabled={!runs} loading={probe.isPending} onClick={() => probe.mutate()}>
      {t(probe.data ? 'probe.again' : 'probe.measure')}
    </Button>
  );
  return (
    <Card title={t('probe.title')} aside={button}>
      {probe.isError && <Alert color="red" variant="light" role="alert" mb="md">{problemText(toProblem(probe.error))}</Alert>}
      {probe.data ? <Result probe={probe.data} /> : <Text c="dimmed">{t('probe.help')}{!runs && ` ${t('probe.asleep')}`}</Text>}
    </Card>
  );
}

const shown = ['min', 'p50', 'p95', 'max'] as const;

function Result({ probe }: { probe: Probe }) {
  return (
    <div role="status" className={css.result}>
      <Bars probe={probe} />
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('probe.way')}</Table.Th>
              {shown.map((name) => <Table.Th key={name} scope="col" ta="end">{t(`probe.${name}`)}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(['through', 'direct'] as const).map((way) => (
              <Table.Tr key={way}>
                <Table.Th scope="row" fw={400}><i className={css.key} data-way={way} aria-hidden />{t(`probe.${way}`)}</Table.Th>
                {shown.map((name) => <Table.Td key={name} ta="end" className="tnum">{formatMs(probe[way][name])}</Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Facts rows={[
        [t('probe.added'), <b key="a" className="tnum">{formatMs(probe.added_ms)}</b>],
        ...(probe.viewer_ms === null ? [] : [[t('probe.viewerLeg'), <span key="v" className="tnum">{formatMs(probe.viewer_ms)}</span>] as [string, React.ReactNode]]),
        ...(probe.display_ms === null ? [] : [[t('probe.displayLeg'), <span key="d" className="tnum">{formatMs(probe.display_ms)}</span>] as [string, React.ReactNode]]),
        [t('probe.opening'), <span key="o" className="tnum">{formatMs(probe.opening_ms)}</span>],
        ...(probe.lost === 0 ? [] : [[t('probe.lost'), <span key="l" className="tnum">{probe.lost}</span>] as [string, React.ReactNode]]),
      ]} />
    </div>
  );
}

/** Both ways over the same axis, so that one sees what lies between them. */
function Bars({ probe }: { probe: Probe }) {
  const bins = binsOf(probe.through.values, probe.direct.values);
  const most = Math.max(...bins.flatMap((bin) => [bin.through, bin.direct]));
  return (
    <figure className={css.bars}>
      <figcaption className="visually-hidden">{t('probe.chart')}</figcaption>
      <ol className={css.bins}>
        {bins.map((bin) => (
          <li key={bin.from} title={t('probe.count', { from: formatMs(bin.from), to: formatMs(bin.to), through: bin.through, direct: bin.direct })}>
            <span className="visually-hidden">{t('probe.count', { from: formatMs(bin.from), to: formatMs(bin.to), through: bin.through, direct: bin.direct })}</span>
            <span className={css.pair} aria-hidden>
              <i data-way="through" style={{ height: `${(100 * bin.through) / most}%` }} />
              <i data-way="direct" style={{ height: `${(100 * bin.direct) / most}%` }} />
            </span>
            <small className="tnum" aria-hidden>{bin.from}</small>
          </li>
        ))}
      </ol>
      <small className={css.unit} aria-hidden>ms</small>
    </figure>
  );
}
