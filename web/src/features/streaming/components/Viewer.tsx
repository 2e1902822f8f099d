import { useFullscreenDocument } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { isOver } from '@/model/phase';
import { sceneOf } from '../scene';
import { useClipboardSync } from '../useClipboardSync';
import { useProtectionNotices } from '../useProtectionNotices';
import { useStream } from '../useStream';
import { useToolbar } from '../useToolbar';
import { useUploads } from '../useUploads';
import { qualities, useViewerSettings } from '../viewerSettings';
import { Notice } from './Notice';
import { Panel, type PanelName } from './Panel';
import { RecordingDot } from './Recording';
import { SceneLayer } from './SceneLayer';
import { Toolbar } from './Toolbar';
import css from './Viewer.module.css';

export function Viewer({ session }: { session: Session }) {
  const { settings, change } = useViewerSettings();
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [again, setAgain] = useState(0);
  const canRun = session.phase !== 'failed' && !isOver(session.phase);
  const streamSettings = useMemo(
    () => ({ scaling: settings.scaling, quality: qualities[settings.picture], viewOnly: false }),
    [settings.scaling, settings.picture],
  );
  const [attach, stream] = useStream(session.id, streamSettings, canRun);
  const scene = sceneOf(session.phase, stream.state, stream.hasPicture);
  const toolbar = useToolbar(settings.pinned || panel !== null);
  const fullscreen = useFullscreenDocument();
  useClipboardSync(stream, settings.syncClipboard);
  useProtectionNotices(session.id, stream.viewerId);
  useKeyLock(fullscreen.fullscreen);
  const uploads = useUploads(session.id);

  const close = () => {
    setPanel(null);
    stream.engine?.focus();
  };

  return (
    <main className={css.viewer} data-scene={scene.is} data-unprintable={stream.policy.printing ? undefined : t('viewer.unprintable', { policy: stream.policy.closedBy.join(', ') })}>
      <h1 className="visually-hidden">{t('viewer.screen', { name: session.name })}</h1>
      <div key={again} ref={attach} className={css.screen} role="application" aria-label={t('viewer.screen', { name: session.name })}
        onMouseEnter={() => panel === null && stream.engine?.focus()} data-testid="screen" />
      <SceneLayer session={session} scene={scene} stream={stream} onAgain={() => setAgain((n) => n + 1)} />
      <Notice session={session} />
      <RecordingDot session={session} below={toolbar.shown} />
      <Toolbar session={session} stream={stream} shown={toolbar.shown} onHover={toolbar.hover} onToggle={toolbar.toggle} panel={panel} onPanel={(name) => (panel === name ? close() : setPanel(name))}
        pinned={settings.pinned} onPin={() => change({ pinned: !settings.pinned })} fullscreen={fullscreen.fullscreen} onFullscreen={() => void fullscreen.toggle()} />
      {panel && <Panel name={panel} session={session} stream={stream} settings={settings} uploads={uploads} onChange={change} onClose={close} />}
    </main>
  );
}

interface KeyboardLock {
  lock?: () => Promise<void>;
  unlock?: () => void;
}

/** In full screen the desktop gets Escape, Alt-Tab and the rest, where the browser can. */
function useKeyLock(on: boolean): void {
  useEffect(() => {
    const keyboard = (navigator as Navigator & { keyboard?: KeyboardLock }).keyboard;
    if (!on || !keyboard?.lock) return;
    keyboard.lock().catch(() => undefined);
    return () => keyboard.unlock?.();
  }, [on]);
}
