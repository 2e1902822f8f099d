import { language, t } from '@/i18n';

const number = (value: number, digits = 1): string => new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);

/** Small numbers with a digit behind the point, large ones whole. */
export const formatNumber = (value: number): string => number(value, value < 10 ? 1 : 0);

const scale: Record<string, number> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Bytes of a quantity such as `512Mi`; null when it is none. */
export function bytesOf(quantity: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|K|M|G|T)?$/.exec(quantity.trim());
  return found ? Number(found[1]) * (scale[found[2] ?? ''] ?? 1) : null;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${number(bytes / 1024 ** step, step === 0 ? 0 : 1)} ${units[step]}`;
}

/** `2Gi` -> `2 GiB`; what is no quantity is shown as it came. */
export function formatSize(quantity: string): string {
  const bytes = bytesOf(quantity);
  return bytes === null ? quantity : formatBytes(bytes);
}

/** Cores of `1500m` or `2`. */
export function coresOf(cpu: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(m)?$/.exec(cpu.trim());
  return found ? Number(found[1]) / (found[2] ? 1000 : 1) : null;
}

export function formatCpu(cpu: string): string {
  const cores = coresOf(cpu);
  return cores === null ? cpu : t('unit.cpu', { value: number(cores, 2) });
}

const secondsIn: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of `30m`, `1h30m`, `30d`; null when it is no duration. */
export function secondsOf(duration: string): number | null {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== duration.trim()) return null;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (secondsIn[unit ?? 's'] ?? 1), 0);
}

/** The two largest units, as people say it: `8 h`, `1 h 30 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = ([['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]] as const)
    .reduce<{ rest: number; out: string[] }>(
      ({ rest, out }, [unit, size]) => {
        const amount = Math.floor(rest / size);
        if (amount > 0) out.push(t(`unit.${unit}`, { value: amount }));
        return { rest: rest - amount * size, out };
      },
      { rest: whole, out: [] },
    ).out;
  return parts.slice(0, 2).join(' ') || t('unit.s', { value: 0 });
}

export function formatDuration(duration: string | null | undefined): string {
  if (!duration) return t('value.none');
  const seconds = secondsOf(duration);
  return seconds === null ? duration : formatSeconds(seconds);
}

/** Short times to the tenth of a second, shorter ones in milliseconds. */
export function formatMs(ms: number): string {
  if (ms < 100) return t('unit.ms', { value: number(ms, ms < 10 ? 1 : 0) });
  return ms < 60_000 ? t('unit.s', { value: number(ms / 1000, 1) }) : formatSeconds(ms / 1000);
}

export const formatCount = (value: number): string => number(value, 0);
export const formatPercent = (value: number): string => `${number(value, value < 10 ? 1 : 0)} %`;

export const formatExact = (time: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));

export const formatClock = (time: string): string =>
  new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(new Date(time));

const steps: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]];

/** `5 minutes ago`, `in 2 hours`. */
export function formatRelative(time: string, now: number): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  if (unit === 'second' && Math.abs(seconds) < 45) return t('time.justNow');
  return new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}
