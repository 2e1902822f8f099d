import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots, IconDownload, IconFile, IconFolder, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { FileRow } from '@/api/types';
import { t } from '@/i18n';
import { formatBytes } from '@/model/format';
import { TimeAgo } from '@/parts/TimeAgo';
import type { useFileActions } from '../files.queries';
import css from './FilesPanel.module.css';
import { NameDialog } from './NameDialog';

interface Props {
  rows: FileRow[];
  mayDownload: boolean;
  actions: ReturnType<typeof useFileActions>;
  onOpen: (path: string) => void;
}

const icons = { folder: IconFolder, link: IconLink, file: IconFile };

/** A folder opens, a file comes down; the rest is in the row's menu. */
export function FileList({ rows, mayDownload, actions, onOpen }: Props) {
  const [renaming, setRenaming] = useState<FileRow | null>(null);
  if (rows.length === 0) return <Text c="dimmed">{t('files.empty')}</Text>;
  return (
    <>
      <ul className={css.list}>
        {rows.map((row) => {
          const folder = row.type === 'folder';
          const Glyph = icons[row.type as keyof typeof icons] ?? IconFile;
          return (
            <li key={row.path} className={css.row}>
              <button type="button" className={css.main} disabled={!folder && !mayDownload} onClick={() => (folder ? onOpen(row.path) : void actions.download(row))}>
                <span className="visually-hidden">{t(folder ? 'files.open' : 'files.get')} </span>
                <Glyph size={20} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
                <span className={css.text}>
                  <Text component="span" display="block" size="sm" className="ellipsis" title={row.name}>{row.name}</Text>
                  <Text component="span" display="block" size="xs" c="dimmed">{!folder && `${formatBytes(Number(row.size))} · `}<TimeAgo time={row.modified_at} /></Text>
                </span>
              </button>
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('files.actions', { name: row.name })}><IconDots size={18} stroke={1.6} /></ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {!folder && mayDownload && <Menu.Item leftSection={<IconDownload size={18} stroke={1.6} />} onClick={() => void actions.download(row)}>{t('files.get')}</Menu.Item>}
                  <Menu.Item leftSection={<IconPencil size={18} stroke={1.6} />} onClick={() => setRenaming(row)}>{t('files.rename')}</Menu.Item>
                  <Menu.Item color="red" leftSection={<IconTrash size={18} stroke={1.6} />} onClick={() => void actions.remove(row)}>{t('files.delete')}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </li>
          );
        })}
      </ul>
      <NameDialog key={renaming?.path ?? ''} opened={renaming !== null} title={t('files.renameTitle', { name: renaming?.name ?? '' })} action={t('files.rename')} before={renaming?.name ?? ''} onClose={() => setRenaming(null)}
        onName={(name) => (renaming ? actions.rename(renaming.path, renaming.path.slice(0, renaming.path.lastIndexOf('/') + 1) + name) : Promise.resolve(false))} />
    </>
  );
}
