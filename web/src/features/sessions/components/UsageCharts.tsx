import '@mantine/charts/styles.layer.css';
import { AreaChart } from '@mantine/charts';
import type { ReactNode } from 'react';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatBytes, formatClock, formatCpu, formatPercent, formatSize } from '@/model/format';
import type { UsagePoint } from '../usage';
import css from './UsageCharts.module.css';

/** Processor, memory and network, one under the other, over the same time. */
export function UsageCharts({ points, session }: { points: UsagePoint[]; session: Session }) {
  const data = points.map((point) => ({
    time: formatClock(point.at),
    cpu: point.cpu_percent,
    memory: point.memory_bytes,
    in: point.network_in_bytes,
    out: point.network_out_bytes,
  }));
  const last = points.at(-1);
  // Samples from the socket carry no network; the latest that does is the one to name.
  const network = points.findLast((point) => point.network_in_bytes !== null);
  if (!last) return null;
  const common = { data, dataKey: 'time', h: 112, withDots: false, curveType: 'monotone' as const, gridAxis: 'none' as const, strokeWidth: 1.6, fillOpacity: 0.15, xAxisProps: { minTickGap: 64 }, yAxisProps: { width: 72, tickCount: 3 }, areaChartProps: { accessibilityLayer: false } };
  // A still desktop is a line at the bottom, not noise blown up to full height.
  const calm = { ...common.yAxisProps, domain: [0, (most: number) => Math.max(10, Math.ceil(most))] as [number, (most: number) => number] };
  return (
    <div className={css.charts}>
      <Chart title={t('usage.cpu')} value={formatPercent(last.cpu_percent)} limit={t('usage.of', { limit: formatCpu(session.resources.cpu) })}>
        <AreaChart {...common} yAxisProps={calm} withXAxis={false} series={[{ name: 'cpu', label: t('usage.cpu'), color: 'accent.6' }]} valueFormatter={formatPercent} />
      </Chart>
      <Chart title={t('usage.memory')} value={formatBytes(last.memory_bytes)} limit={t('usage.of', { limit: formatSize(session.resources.memory) })}>
        <AreaChart {...common} withXAxis={false} series={[{ name: 'memory', label: t('usage.memory'), color: 'ice.6' }]} valueFormatter={formatBytes} />
      </Chart>
      {network && <Chart title={t('usage.network')} value={`${formatBytes(network.network_in_bytes ?? 0)} ${t('usage.in')}, ${formatBytes(network.network_out_bytes ?? 0)} ${t('usage.out')}`}>
        <AreaChart {...common} connectNulls h={136} series={[{ name: 'in', label: t('usage.in'), color: 'green.6' }, { name: 'out', label: t('usage.out'), color: 'violet.6' }]} valueFormatter={formatBytes} />
      </Chart>}
    </div>
  );
}

function Chart({ title, value, limit, children }: { title: string; value: string; limit?: string; children: ReactNode }) {
  return (
    <figure className={css.chart}>
      <figcaption>
        <span>{title}</span>
        <b className="tnum">{value}</b>
        {limit && <small>{limit}</small>}
      </figcaption>
      {/* The numbers stand above in words; the curve is for the eye. */}
      <div aria-hidden>{children}</div>
    </figure>
  );
}
