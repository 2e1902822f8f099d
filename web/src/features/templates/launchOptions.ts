import type { LaunchRequest } from '@/api/types';
import { t } from '@/i18n';

export interface LaunchOptions {
  name: string;
  runtime: string;
  cpu: string;
  memory: string;
  freezeAfter: string;
  idleTimeout: string;
  maxDuration: string;
  geometry: string;
  network: string;
  tags: string[];
  keepHome: boolean;
  reason: string;
}

export const emptyOptions: LaunchOptions = {
  name: '', runtime: '', cpu: '', memory: '', freezeAfter: '', idleTimeout: '', maxDuration: '', geometry: '', network: '', tags: [], keepHome: true, reason: '',
};

/** Only what was chosen travels; the rest is the template's, the person's or the platform's to decide. */
export function requestOf(template: string, options: LaunchOptions): LaunchRequest {
  const resources = { ...(options.cpu && { cpu: options.cpu }), ...(options.memory && { memory: options.memory }) };
  return {
    template,
    ...(options.name.trim() && { name: options.name.trim() }),
    ...(options.runtime && { runtime: options.runtime }),
    ...(Object.keys(resources).length > 0 && { resources }),
    ...(options.freezeAfter && { freeze_after: options.freezeAfter }),
    ...(options.idleTimeout && { idle_timeout: options.idleTimeout }),
    ...(options.maxDuration && { max_duration: options.maxDuration }),
    ...(options.geometry && { geometry: options.geometry }),
    ...(options.network && { network: options.network }),
    ...(options.tags.length > 0 && { tags: options.tags }),
    ...(options.reason.trim() && { reason: options.reason.trim() }),
    ...(!options.keepHome && { persistent_home: false }),
  };
}

/** Sizes that people ask for; the first choice leaves it to the preference or the template. */
export function geometries(): { value: string; label: string }[] {
  const even = (pixels: number) => Math.max(640, Math.floor(pixels / 2) * 2);
  const here = `${even(window.innerWidth)}x${Math.max(480, even(window.innerHeight))}`;
  const fixed = ['1280x800', '1440x900', '1600x900', '1920x1080', '2560x1440'].filter((size) => size !== here);
  return [
    { value: '', label: t('launch.runtime.auto') },
    { value: here, label: t('launch.geometry.window', { size: here.replace('x', ' × ') }) },
    ...fixed.map((size) => ({ value: size, label: size.replace('x', ' × ') })),
  ];
}
