import { ActionIcon, Anchor, Button, FileButton, Group, Switch, Text, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconFolderPlus, IconRefresh, IconUpload } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { isProblem } from '@/api/http';
import type { FileListing, Session } from '@/api/types';
import { t } from '@/i18n';
import { formatBytes } from '@/model/format';
import { toastError } from '@/ui/toast';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { filesQuery, home, useFileActions } from '../files.queries';
import type { Uploads } from '../useUploads';
import { FileList } from './FileList';
import css from './FilesPanel.module.css';
import { NameDialog } from './NameDialog';
import { UploadList } from './UploadList';

/** The session's home: look, fetch, put, rename, delete. The server decides by itself; closed ways say by which policy. */
export function FilesPanel({ session, uploads }: { session: Session; uploads: Uploads }) {
  const [path, setPath] = useState(home);
  const [hidden, setHidden] = useState(false);
  const [naming, setNaming] = useState(false);
  const [over, setOver] = useState(false);
  const reset = useRef<() => void>(null);
  const files = useInfiniteQuery(filesQuery(session.id, path));
  const actions = useFileActions(session.id);
  const first = files.data?.pages[0];
  const open = first?.upload.allowed ?? false;

  const add = (chosen: readonly File[]) => {
    if (chosen.length === 0) return;
    const most = first?.upload.max_bytes;
    const fitting = most ? chosen.filter((file) => file.size <= Number(most)) : chosen;
    if (most && fitting.length < chosen.length) toastError(t('files.tooLarge', { size: formatBytes(Number(most)) }));
    if (fitting.length > 0) uploads.add(path, fitting);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!open) return;
    const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
    const folders = items.some((item) => item.webkitGetAsEntry()?.isDirectory);
    if (folders) toastError(t('files.noFolders'));
    add(items.flatMap((item) => (item.webkitGetAsEntry()?.isDirectory ? [] : (item.getAsFile() ?? []))));
  };

  if (isProblem(files.error, 409)) return <Text c="dimmed">{t('files.asleep')}</Text>;
  return (
    <div className={css.drop} data-over={over || undefined} onDragOver={(e) => { e.preventDefault(); setOver(open); }} onDragLeave={() => setOver(false)} onDrop={dropped}>
      <Group gap="xs" wrap="nowrap">
        <FileButton multiple resetRef={reset} onChange={(chosen) => { add(chosen); reset.current?.(); }} disabled={!open} inputProps={{ 'aria-label': t('files.choose') }}>
          {(props) => <Button {...props} size="sm" leftSection={<IconUpload size={16} aria-hidden />} disabled={!open} style={{ flex: 1 }}>{t('files.upload')}</Button>}
        </FileButton>
        <Tooltip label={t('files.newFolder')}><ActionIcon variant="default" size={36} aria-label={t('files.newFolder')} disabled={!first} onClick={() => setNaming(true)}><IconFolderPlus size={20} stroke={1.6} /></ActionIcon></Tooltip>
        <Tooltip label={t('action.refresh')}><ActionIcon variant="default" size={36} aria-label={t('action.refresh')} loading={files.isFetching} onClick={() => void files.refetch()}><IconRefresh size={20} stroke={1.6} /></ActionIcon></Tooltip>
      </Group>
      {first && <Borders listing={first} />}
      <UploadList uploads={uploads} />
      <Crumbs path={path} onOpen={setPath} />
      {files.isPending ? <RowsSkeleton rows={4} height={40} /> : files.isError ? <ErrorView compact error={files.error} retry={() => void files.refetch()} /> : (
        <>
          <FileList rows={files.data.pages.flatMap((page) => page.items).filter((row) => hidden || !row.hidden)} mayDownload={first?.download.allowed ?? false} actions={actions} onOpen={setPath} />
          {files.hasNextPage && <Button variant="default" loading={files.isFetchingNextPage} onClick={() => void files.fetchNextPage()}>{t('files.more')}</Button>}
        </>
      )}
      <Switch size="sm" label={t('files.hidden')} checked={hidden} onChange={(e) => setHidden(e.currentTarget.checked)} />
      <NameDialog key={`${path} ${naming}`} opened={naming} title={t('files.newFolder')} action={t('files.make')} onClose={() => setNaming(false)} onName={(name) => actions.makeFolder(`${path}/${name}`)} />
    </div>
  );
}

/** What data protection says, where it says something. */
function Borders({ listing: { upload, download } }: { listing: FileListing }) {
  const lines = [
    ...(upload.allowed ? [] : [t('files.uploadOff', { policy: upload.closed_by ?? '' })]),
    ...(download.allowed ? [] : [t('files.downloadOff', { policy: download.closed_by ?? '' })]),
    ...(upload.allowed && upload.max_bytes ? [t('files.most', { size: formatBytes(Number(upload.max_bytes)) })] : []),
    ...((upload.allowed && upload.scanned) || (download.allowed && download.scanned) ? [t('files.scanned')] : []),
  ];
  return lines.length === 0 ? null : <div>{lines.map((line) => <Text key={line} size="xs" c="dimmed">{line}</Text>)}</div>;
}

function Crumbs({ path, onOpen }: { path: string; onOpen: (path: string) => void }) {
  const parts = path.slice(home.length).split('/').filter(Boolean);
  return (
    <nav className={css.path} aria-label={t('files.path')}>
      <Anchor component="button" type="button" size="sm" onClick={() => onOpen(home)}>{t('files.home')}</Anchor>
      {parts.map((part, index) => (
        <span key={index} style={{ minWidth: 0 }}>
          <Text span size="sm" c="dimmed" aria-hidden> / </Text>
          <Anchor component="button" type="button" size="sm" style={{ overflowWrap: 'anywhere' }} onClick={() => onOpen([home, ...parts.slice(0, index + 1)].join('/'))}>{part}</Anchor>
        </span>
      ))}
    </nav>
  );
}
