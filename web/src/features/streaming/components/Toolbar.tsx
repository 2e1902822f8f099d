import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowLeft, IconCamera, IconChevronDown, IconClipboard, IconEye, IconFolder, IconInfoCircle, IconKeyboard, IconMaximize, IconMinimize, IconPhotoCog,
  IconPin, IconPinFilled, IconPower, IconShare, IconUsers, type Icon,
} from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { sessionPath } from '@/model/launch';
import { may, useMe } from '@/model/me';
import { actionsOf } from '@/model/phase';
import { useSessionActions } from '@/model/sessionActions';
import { openShareDialog } from '@/model/shareDialog';
import { isGuest, mayShare } from '@/model/shares';
import { actionIcons } from '@/parts/SessionMenu';
import { StateDot } from '@/parts/StateDot';
import type { Stream } from '../useStream';
import { saveScreenshot } from '../screenshot';
import { Latency } from './Latency';
import type { PanelName } from './Panel';
import { RecordTool } from './Recording';
import { SharedBadge } from './SharedBadge';
import css from './Toolbar.module.css';

interface Props {
  session: Session;
  stream: Stream;
  shown: boolean;
  onHover: (inside: boolean) => void;
  onToggle: () => void;
  panel: PanelName | null;
  onPanel: (name: PanelName) => void;
  pinned: boolean;
  onPin: () => void;
  fullscreen: boolean;
  onFullscreen: () => void;
}

/** 40 px from the top edge; out of the way until it is wanted. */
export function Toolbar(props: Props) {
  const { session, stream, shown, onHover, onToggle, panel, onPanel } = props;
  const { policy } = stream;
  const me = useMe();
  const files = session.owner.id === me.user.id && may(me, 'sessions.files.read');
  // A policy that closes both ways is told in the panel; whoever only looks has none.
  const clipboard = policy.clipboardIn || policy.clipboardOut || policy.closedBy.length > 0;
  return (
    <>
      <button type="button" className={css.handle} data-shown={shown || undefined} onClick={onToggle} aria-expanded={shown}
        aria-label={shown ? t('viewer.hideToolbar') : t('viewer.showToolbar')} aria-keyshortcuts="Control+Alt+Shift+T">
        <IconChevronDown size={16} stroke={2} aria-hidden />
      </button>
      <div className={css.bar} data-viewer-toolbar data-shown={shown || undefined} role="toolbar" aria-label={t('viewer.toolbar')} inert={!shown}
        onPointerEnter={(e) => e.pointerType === 'mouse' && onHover(true)} onPointerLeave={(e) => e.pointerType === 'mouse' && onHover(false)}
        onKeyDown={(e) => e.key === 'Escape' && (onHover(false), stream.engine?.focus())}>
        <Tool label={t('viewer.leave')} icon={IconArrowLeft} to="/" />
        <span className={css.name}>
          <b className="ellipsis" title={session.name}>{session.name}</b>
          <StateDot phase={session.phase} size="small" />
        </span>
        {isGuest(session) ? <SharedBadge session={session} level={stream.level} /> : stream.level === 'view' && <span className={css.badge}><IconEye size={14} aria-hidden /> {t('viewer.viewOnly')}</span>}
        <i className={css.gap} />
        {clipboard && <Tool label={t('viewer.clipboard')} icon={IconClipboard} on={panel === 'clipboard'} onClick={() => onPanel('clipboard')} />}
        {policy.keyboard && <Tool label={t('viewer.keyboard')} icon={IconKeyboard} on={panel === 'keyboard'} onClick={() => onPanel('keyboard')} />}
        {files && <Tool label={t('viewer.files')} icon={IconFolder} on={panel === 'files'} onClick={() => onPanel('files')} />}
        <i className={css.line} />
        <Tool label={t('viewer.people')} icon={IconUsers} on={panel === 'people'} onClick={() => onPanel('people')} {...(session.viewers > 1 ? { badge: session.viewers } : {})} />
        {mayShare(me, session) && <Tool label={t('share.do')} icon={IconShare} onClick={() => openShareDialog(session)} />}
        <i className={css.line} />
        <Tool label={t('viewer.display')} icon={IconPhotoCog} on={panel === 'display'} onClick={() => onPanel('display')} />
        {policy.screenshot && <Tool label={t('viewer.screenshot')} icon={IconCamera} onClick={() => stream.engine && void saveScreenshot(stream.engine, session.name)} />}
        <RecordTool session={session} className={css.tool} />
        <Tool label={props.fullscreen ? t('viewer.windowed') : t('viewer.fullscreen')} icon={props.fullscreen ? IconMinimize : IconMaximize} onClick={props.onFullscreen} />
        <i className={css.line} />
        <Latency session={session} viewerId={stream.viewerId} shown={shown} open={panel === 'line'} onClick={() => onPanel('line')} />
        {!isGuest(session) && <Power session={session} />}
        <Tool label={props.pinned ? t('viewer.unpin') : t('viewer.pin')} icon={props.pinned ? IconPinFilled : IconPin} on={props.pinned} onClick={props.onPin} />
      </div>
    </>
  );
}

interface ToolProps {
  label: string;
  icon: Icon;
  on?: boolean;
  to?: string;
  badge?: number;
  onClick?: () => void;
}

function Tool({ label, icon: Glyph, on, to, badge, onClick }: ToolProps) {
  const name = badge === undefined ? label : `${label} ${badge}`;
  const inner = <><Glyph size={20} stroke={1.6} aria-hidden />{badge !== undefined && <span className={css.number}>{badge}</span>}</>;
  return (
    <Tooltip label={label}>
      {to ? (
        <ActionIcon component={Link} to={to} className={css.tool} size={36} aria-label={name}>{inner}</ActionIcon>
      ) : (
        <ActionIcon className={css.tool} size={36} aria-label={name} {...(on === undefined ? {} : { 'aria-pressed': on })} onClick={onClick}>{inner}</ActionIcon>
      )}
    </Tooltip>
  );
}

function Power({ session }: { session: Session }) {
  const { act } = useSessionActions();
  const navigate = useNavigate();
  const actions = actionsOf(session).filter((action) => action !== 'open');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className={css.tool} size={36} aria-label={t('viewer.power')}><IconPower size={20} stroke={1.6} aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => {
          const Glyph = actionIcons[action];
          return (
            <Menu.Item key={action} leftSection={<Glyph size={18} stroke={1.6} />} {...(action === 'end' ? { color: 'red' } : {})} onClick={() => void act(action, session)}>
              {t(`do.${action}`)}
            </Menu.Item>
          );
        })}
        <Menu.Divider />
        <Menu.Item leftSection={<IconInfoCircle size={18} stroke={1.6} />} onClick={() => void navigate(sessionPath(session.id))}>{t('viewer.details')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
