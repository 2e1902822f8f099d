import { CloseButton, Group, Progress, Stack, Text } from '@mantine/core';
import { t } from '@/i18n';
import { formatBytes } from '@/model/format';
import type { Upload, Uploads } from '../useUploads';

/** What is on its way, and what became of it. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  if (uploads.list.length === 0) return null;
  return (
    <Stack gap="xs" role="group" aria-label={t('files.uploads')}>
      {uploads.list.map((upload) => <Row key={upload.id} upload={upload} onDrop={() => uploads.drop(upload.id)} />)}
    </Stack>
  );
}

function Row({ upload: { name, bytes, sent, state, problem }, onDrop }: { upload: Upload; onDrop: () => void }) {
  const ended = state === 'done' || state === 'failed';
  const percent = bytes === 0 ? 100 : Math.min(100, Math.round((sent / bytes) * 100));
  return (
    <div>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" className="ellipsis" style={{ flex: 1 }} title={name}>{name}</Text>
        <CloseButton size="sm" aria-label={t(ended ? 'files.dismiss' : 'files.cancel', { name })} onClick={onDrop} />
      </Group>
      {!ended && <Progress value={percent} size="sm" animated={state === 'checking'} aria-label={t('files.progress', { name })} />}
      <Text size="xs" role="status" c={state === 'failed' ? 'var(--ss-failed)' : 'dimmed'}>
        {state === 'failed' ? problem : state === 'sending' ? t('files.state.sending', { sent: formatBytes(sent), bytes: formatBytes(bytes) }) : t(`files.state.${state}`)}
      </Text>
    </div>
  );
}
