import { Button, Kbd, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n';
import { difference, type KeyName } from '@/stream/keys';
import type { Stream } from '../useStream';

const combos: { label: string; keys: KeyName[] }[] = [
  { label: 'Ctrl Alt Del', keys: ['Control_L', 'Alt_L', 'Delete'] },
  { label: 'Alt Tab', keys: ['Alt_L', 'Tab'] },
  { label: 'Alt F4', keys: ['Alt_L', 'F4'] },
  { label: 'Ctrl Esc', keys: ['Control_L', 'Escape'] },
  { label: 'Esc', keys: ['Escape'] },
  { label: 'Tab', keys: ['Tab'] },
  { label: 'F11', keys: ['F11'] },
  { label: 'Print', keys: ['Print'] },
];

const holds: { label: string; key: KeyName }[] = [
  { label: 'Ctrl', key: 'Control_L' },
  { label: 'Alt', key: 'Alt_L' },
  { label: 'Shift', key: 'Shift_L' },
  { label: 'Super', key: 'Super_L' },
];

/** Keys that the browser keeps for itself, modifiers that stay down, and the keyboard of a phone. */
export function KeyboardPanel({ stream }: { stream: Stream }) {
  const { engine } = stream;
  return (
    <Stack gap="lg">
      <section>
        <Title order={3} size="sm" mb="sm">{t('keysPanel.combos')}</Title>
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
          {combos.map((combo) => (
            <Button key={combo.label} variant="default" onClick={() => engine?.press(...combo.keys)}>{combo.label}</Button>
          ))}
        </SimpleGrid>
      </section>
      <Held stream={stream} />
      <PhoneKeyboard stream={stream} />
    </Stack>
  );
}

function Held({ stream }: { stream: Stream }) {
  const { engine } = stream;
  const [down, setDown] = useState<ReadonlySet<KeyName>>(new Set());
  const current = useRef(down);
  useEffect(() => {
    current.current = down;
  }, [down]);
  // A key must not stay down after the panel is closed: nobody could see why everything is upper case.
  useEffect(() => () => current.current.forEach((key) => engine?.hold(key, false)), [engine]);

  const turn = (key: KeyName) => {
    const next = new Set(down);
    if (next.has(key)) next.delete(key);
    else next.add(key);
    engine?.hold(key, next.has(key));
    setDown(next);
  };
  return (
    <section>
      <Title order={3} size="sm">{t('keysPanel.hold')}</Title>
      <Text size="xs" c="dimmed" mb="sm">{t('keysPanel.holdHelp')}</Text>
      <SimpleGrid cols={4} spacing="xs">
        {holds.map((hold) => (
          <Button key={hold.key} px={0} variant={down.has(hold.key) ? 'filled' : 'default'} aria-pressed={down.has(hold.key)} onClick={() => turn(hold.key)}>
            <Kbd size="xs" style={{ border: 0, background: 'none', color: 'inherit' }}>{hold.label}</Kbd>
          </Button>
        ))}
      </SimpleGrid>
    </section>
  );
}

// Phones report words, not keys; a few characters stand in the field so that the delete key has something to delete.
const padding = '\u2060'.repeat(8);

function PhoneKeyboard({ stream }: { stream: Stream }) {
  const { engine } = stream;
  const [text, setText] = useState(padding);
  const changed = (value: string) => {
    const { deleted, typed } = difference(text, value);
    for (let i = 0; i < deleted; i++) engine?.press('BackSpace');
    engine?.type(typed);
    setText(value.length < 4 || value.length > 200 ? padding : value);
  };
  return (
    <section>
      <Title order={3} size="sm">{t('keysPanel.onScreen')}</Title>
      <Text size="xs" c="dimmed" mb="sm">{t('keysPanel.onScreenHelp')}</Text>
      <TextInput aria-label={t('keysPanel.onScreen')} placeholder={t('keysPanel.show')} value={text} autoCapitalize="none" autoCorrect="off" autoComplete="off" spellCheck={false}
        onChange={(e) => changed(e.currentTarget.value)} onKeyDown={(e) => e.key === 'Enter' && engine?.press('Return')} />
    </section>
  );
}
