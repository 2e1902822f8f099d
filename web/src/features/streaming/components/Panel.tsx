import { CloseButton } from '@mantine/core';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import type { Stream } from '../useStream';
import type { Uploads } from '../useUploads';
import type { ViewerSettings } from '../viewerSettings';
import { ClipboardPanel } from './ClipboardPanel';
import { DisplayPanel } from './DisplayPanel';
import { FilesPanel } from './FilesPanel';
import { KeyboardPanel } from './KeyboardPanel';
import { LinePanel } from './LinePanel';
import css from './Panel.module.css';
import { PeoplePanel } from './PeoplePanel';

export type PanelName = 'clipboard' | 'keyboard' | 'files' | 'people' | 'display' | 'line';

interface Props {
  name: PanelName;
  session: Session;
  stream: Stream;
  settings: ViewerSettings;
  uploads: Uploads;
  onChange: (part: Partial<ViewerSettings>) => void;
  onClose: () => void;
}

/** Opens at the right and never covers the whole picture. */
export function Panel({ name, session, stream, settings, uploads, onChange, onClose }: Props) {
  return (
    <aside className={css.panel} aria-labelledby="panel-title" onKeyDown={(e) => e.key === 'Escape' && onClose()}>
      <div className={css.head}>
        <h2 id="panel-title">{t(`viewer.${name}`)}</h2>
        <CloseButton aria-label={t('viewer.closePanel')} onClick={onClose} autoFocus />
      </div>
      {name === 'clipboard' && <ClipboardPanel stream={stream} sync={settings.syncClipboard} onSync={(syncClipboard) => onChange({ syncClipboard })} />}
      {name === 'keyboard' && <KeyboardPanel stream={stream} />}
      {name === 'files' && <FilesPanel session={session} uploads={uploads} />}
      {name === 'people' && <PeoplePanel session={session} viewerId={stream.viewerId} />}
      {name === 'line' && <LinePanel session={session} viewerId={stream.viewerId} />}
      {name === 'display' && <DisplayPanel settings={settings} mayResize={stream.policy.resize} onChange={onChange} />}
    </aside>
  );
}
