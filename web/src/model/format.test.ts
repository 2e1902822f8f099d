// @vitest-environment jsdom
import { beforeAll, expect, test } from 'vitest';
import { switchLanguage } from '@/i18n';
import { bytesOf, coresOf, formatBytes, formatCpu, formatDuration, formatMs, formatRelative, formatSeconds, formatSize, secondsOf } from './format';

beforeAll(() => switchLanguage('en'));

test('sizes read as GiB', () => {
  expect(bytesOf('512Mi')).toBe(536_870_912);
  expect(bytesOf('2Gb')).toBeNull();
  expect(formatSize('2Gi')).toBe('2 GiB');
  expect(formatSize('1536Mi')).toBe('1.5 GiB');
  expect(formatSize('lots')).toBe('lots');
  expect(formatBytes(0)).toBe('0 B');
});

test('processors in cores', () => {
  expect(coresOf('1500m')).toBe(1.5);
  expect(formatCpu('2')).toBe('2 CPU');
});

test('durations in the two largest units', () => {
  expect(secondsOf('1h30m')).toBe(5400);
  expect(secondsOf('soon')).toBeNull();
  expect(formatDuration('30m')).toBe('30 min');
  expect(formatDuration('1h30m')).toBe('1 h 30 min');
  expect(formatDuration(null)).toBe('None');
  expect(formatSeconds(90_061)).toBe('1 d 1 h');
});

test('short times stay exact', () => {
  expect(formatMs(3.21)).toBe('3.2 ms');
  expect(formatMs(420)).toBe('0.4 s');
  expect(formatMs(90_000)).toBe('1 min 30 s');
});

test('moments are told from now', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(formatRelative('2026-11-21T11:55:00Z', now)).toBe('5 minutes ago');
  expect(formatRelative('2026-11-21T14:00:00Z', now)).toBe('in 2 hours');
  expect(formatRelative('2026-11-21T11:59:50Z', now)).toBe('just now');
});

test('German uses its own comma and words', async () => {
  await switchLanguage('de');
  expect(formatSize('1536Mi')).toBe('1,5 GiB');
  expect(formatRelative('2026-11-21T11:55:00Z', Date.parse('2026-11-21T12:00:00Z'))).toBe('vor 5 Minuten');
  await switchLanguage('en');
});
