import { Kbd, Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import { t, type Key } from '@/i18n';
import { Dialog } from '@/ui/Dialog';

const rows: { keys: string[]; text: Key; sequence?: boolean }[] = [
  { keys: ['Ctrl', 'K'], text: 'keys.palette' },
  { keys: ['?'], text: 'keys.help' },
  { keys: ['/'], text: 'keys.search' },
  { keys: ['g', 'h'], text: 'keys.goHome', sequence: true },
  { keys: ['g', 'c'], text: 'keys.goCatalogue', sequence: true },
  { keys: ['g', 's'], text: 'keys.goSessions', sequence: true },
  { keys: ['g', 'm'], text: 'keys.goShared', sequence: true },
  { keys: ['g', 'p'], text: 'keys.goPreferences', sequence: true },
  { keys: ['Esc'], text: 'keys.close' },
  { keys: ['Ctrl', 'Alt', 'Shift', 'T'], text: 'keys.viewerToolbar' },
];

export function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title={t('keys.title')}>
      <Table verticalSpacing="sm">
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.text}>
              <Table.Td>{t(row.text)}</Table.Td>
              <Table.Td ta="end" style={{ whiteSpace: 'nowrap' }}>
                {row.keys.map((key, i) => (
                  <Fragment key={key}>
                    {i > 0 && (row.sequence ? ` ${t('keys.then')} ` : ' ')}
                    <Kbd>{key}</Kbd>
                  </Fragment>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="md">{t('keys.noteViewer')}</Text>
    </Dialog>
  );
}
