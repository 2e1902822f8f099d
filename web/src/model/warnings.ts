import type { Idle } from '@/api/types';

export interface Warning {
  what: 'freeze' | 'hibernate' | 'ends';
  seconds: number;
}

const beforeSleep = 120;
const beforeEnd = 600;

/** How many seconds before its moment a warning is given. */
export const warningLength = (what: Warning['what']): number => (what === 'ends' ? beforeEnd : beforeSleep);

/** The most urgent thing that time will do to a running session, once it is near enough to be told. */
export function nextWarning(idle: Pick<Idle, 'freeze_at' | 'hibernate_at'> | null, expiresAt: string | null, now: number): Warning | null {
  const left = (time: string | null | undefined) => (time ? (new Date(time).getTime() - now) / 1000 : Infinity);
  const candidates: Warning[] = [
    { what: 'ends', seconds: left(expiresAt) },
    { what: 'freeze', seconds: left(idle?.freeze_at) },
    { what: 'hibernate', seconds: left(idle?.hibernate_at) },
  ];
  const due = candidates.filter((c) => c.seconds > 0 && c.seconds <= warningLength(c.what)).sort((a, b) => a.seconds - b.seconds)[0];
  return due ?? null;
}
