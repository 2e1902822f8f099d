import { Button, FileButton, Group, Input, NumberInput, Select, Slider, Stack, Switch, Text, Textarea, Title } from '@mantine/core';
import { IconPhotoUp, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { t } from '@/i18n';
import { formatBytes } from '@/model/format';
import { positions, type Position } from '@/stream/watermark/mark';
import { ImageProblem, newWatermark, readImage, variableList, variables, wrongIn, type WatermarkForm } from '../watermarkForm';
import { WatermarkPreview } from './WatermarkPreview';
import css from './Watermark.module.css';

interface Props {
  value: WatermarkForm | null;
  onChange: (value: WatermarkForm | null) => void;
  issueOf: (field: string) => string | undefined;
}

/** What is drawn over the picture, and how it looks. */
export function WatermarkFields({ value, onChange, issueOf }: Props) {
  return (
    <Stack gap="sm" mt="sm" role="group" aria-label={t('dlp.mark')}>
      <Title order={3} size="h4">{t('dlp.mark')}</Title>
      <Switch label={t('dlp.mark.on')} description={t('dlp.mark.onHelp')} checked={value !== null} onChange={(e) => onChange(e.currentTarget.checked ? newWatermark : null)} error={issueOf('rules.watermark')} />
      {value && <Fields value={value} set={(change) => onChange({ ...value, ...change })} issueOf={issueOf} />}
    </Stack>
  );
}

function Fields({ value, set, issueOf }: { value: WatermarkForm; set: (change: Partial<WatermarkForm>) => void; issueOf: Props['issueOf'] }) {
  return (
    <>
      <WatermarkPreview value={value} />
      <MarkText value={value.text} onChange={(text) => set({ text })} error={issueOf('rules.watermark.text')} />
      <MarkImage value={value.image} onChange={(image) => set({ image })} error={issueOf('rules.watermark.image')} />
      <Input.Wrapper label={t('dlp.mark.opacity')} labelElement="div" error={issueOf('rules.watermark.opacity')}>
        <Slider thumbLabel={t('dlp.mark.opacity')} min={5} max={100} step={5} value={value.opacity} onChange={(opacity) => set({ opacity })} label={(percent) => `${percent} %`} mt={4} mb="xs" />
      </Input.Wrapper>
      <Switch label={t('dlp.mark.tile')} checked={value.tile} onChange={(e) => set({ tile: e.currentTarget.checked })} />
      <Group grow align="flex-start">
        {!value.tile && (
          <Select label={t('dlp.mark.position')} allowDeselect={false} value={value.position} onChange={(position) => position && set({ position: position as Position })}
            data={positions.map((position) => ({ value: position, label: t(`dlp.mark.position.${position}`) }))} />
        )}
        {value.text.includes('{time}') && (
          <NumberInput label={t('dlp.mark.refresh')} suffix=" s" min={1} max={3600} allowDecimal={false} value={value.refresh} onChange={(n) => set({ refresh: Number(n) || 60 })} error={issueOf('rules.watermark.refresh_seconds')} />
        )}
      </Group>
    </>
  );
}

function MarkText({ value, onChange, error }: { value: string; onChange: (text: string) => void; error: string | undefined }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const wrong = wrongIn(value);
  const issue = wrong === null ? error : wrong.is === 'brace' ? t('dlp.mark.brace') : t('dlp.mark.unknown', { name: wrong.name, variables: variableList });
  const insert = (name: string) => {
    const { selectionStart: from, selectionEnd: to } = field.current ?? { selectionStart: value.length, selectionEnd: value.length };
    onChange(`${value.slice(0, from)}{${name}}${value.slice(to)}`.slice(0, 200));
    field.current?.focus();
  };
  return (
    <div>
      <Textarea ref={field} label={t('dlp.mark.text')} description={t('dlp.mark.textHelp', { variables: variableList })} autosize minRows={2} maxRows={4} maxLength={200} spellCheck={false} value={value} onChange={(e) => onChange(e.currentTarget.value)} error={issue} />
      <Group gap={6} mt={6} role="group" aria-label={t('dlp.mark.variables')}>
        {variables.map((name) => <Button key={name} size="compact-xs" variant="default" ff="monospace" aria-label={t('dlp.mark.add', { name: `{${name}}` })} onClick={() => insert(name)}>{`{${name}}`}</Button>)}
      </Group>
    </div>
  );
}

function MarkImage({ value, onChange, error }: { value: string; onChange: (image: string) => void; error: string | undefined }) {
  const [problem, setProblem] = useState<string | null>(null);
  const again = useRef<() => void>(null);
  const choose = async (file: File | null) => {
    again.current?.(); // so that the same file can be chosen once more
    if (!file) return;
    try {
      onChange(await readImage(file));
      setProblem(null);
    } catch (thrown) {
      const { kind, values } = thrown instanceof ImageProblem ? thrown : new ImageProblem('noImage');
      setProblem(t(`dlp.mark.${kind}`, values.size === undefined ? values : { size: formatBytes(values.size) }));
    }
  };
  return (
    <Input.Wrapper label={t('dlp.mark.image')} labelElement="div" description={t('dlp.mark.imageHelp')} error={problem ?? error}>
      <Group gap="sm" mt={6} mb={4}>
        {value && <img className={css.image} src={value} alt={t('dlp.mark.imageOf')} />}
        <FileButton accept="image/png,image/jpeg" resetRef={again} onChange={(file) => void choose(file)} inputProps={{ 'aria-label': t('dlp.mark.image') }}>
          {(props) => <Button {...props} variant="default" size="compact-sm" leftSection={<IconPhotoUp size={16} aria-hidden />}>{t(value ? 'dlp.mark.replace' : 'dlp.mark.choose')}</Button>}
        </FileButton>
        {value && <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => { onChange(''); setProblem(null); }}>{t('dlp.mark.removeImage')}</Button>}
      </Group>
      {problem && <Text span className="visually-hidden" role="alert">{problem}</Text>}
    </Input.Wrapper>
  );
}
