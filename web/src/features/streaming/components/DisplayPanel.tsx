import { Radio, Stack } from '@mantine/core';
import { t } from '@/i18n';
import type { Scaling } from '@/stream/options';
import { pictures, type PictureChoice, type ViewerSettings } from '../viewerSettings';

const scalings: Scaling[] = ['window', 'fit', 'native'];

export function DisplayPanel({ settings, mayResize, onChange }: { settings: ViewerSettings; mayResize: boolean; onChange: (part: Partial<ViewerSettings>) => void }) {
  return (
    <Stack gap="lg">
      <Radio.Group label={t('display.scaling')} value={settings.scaling} onChange={(value) => onChange({ scaling: value as Scaling })}>
        <Stack gap="sm" mt="sm">
          {scalings.filter((scaling) => mayResize || scaling !== 'window').map((scaling) => (
            <Radio key={scaling} value={scaling} label={t(`display.scaling.${scaling}`)} {...(scaling === 'window' ? { description: t('display.scaling.windowHelp') } : {})} />
          ))}
        </Stack>
      </Radio.Group>
      <Radio.Group label={t('display.quality')} value={settings.picture} onChange={(value) => onChange({ picture: value as PictureChoice })}>
        <Stack gap="sm" mt="sm">
          {pictures.map((name) => <Radio key={name} value={name} label={t(`display.quality.${name}`)} description={t(`display.quality.${name}Help`)} />)}
        </Stack>
      </Radio.Group>
    </Stack>
  );
}
