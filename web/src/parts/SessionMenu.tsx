import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconInfoCircle, IconMoon, IconPlayerPause, IconPlayerPlay, IconLogout, IconPower, IconRefresh, IconScreenShare, IconShare, type Icon } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { sessionPath } from '@/model/launch';
import { useMe } from '@/model/me';
import { actionsOf, type SessionAction } from '@/model/phase';
import { useSessionActions } from '@/model/sessionActions';
import { openShareDialog } from '@/model/shareDialog';
import { mayShare } from '@/model/shares';
import { useLeave } from '@/model/useLeave';

export const actionIcons: Record<SessionAction, Icon> = {
  open: IconScreenShare,
  freeze: IconPlayerPause,
  wake: IconPlayerPlay,
  hibernate: IconMoon,
  restart: IconRefresh,
  end: IconPower,
};

/** Everything that can be done with a session, behind three dots. */
export function SessionMenu({ session, details = true }: { session: Session; details?: boolean }) {
  const { act } = useSessionActions();
  const navigate = useNavigate();
  const me = useMe();
  const leave = useLeave();
  const shares = mayShare(me, session);
  const label = t('sessions.moreOf', { name: session.name });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={label} size="md"><IconDots size={18} stroke={1.6} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsOf(session).map((action) => {
          const ActionGlyph = actionIcons[action];
          return (
            <Menu.Item key={action} leftSection={<ActionGlyph size={18} stroke={1.6} />} {...(action === 'end' ? { color: 'red' } : {})} onClick={() => void act(action, session)}>
              {t(`do.${action}`)}
            </Menu.Item>
          );
        })}
        {(shares || session.share || details) && <Menu.Divider />}
        {shares && <Menu.Item leftSection={<IconShare size={18} stroke={1.6} />} onClick={() => openShareDialog(session)}>{t('share.do')}</Menu.Item>}
        {session.share && <Menu.Item leftSection={<IconLogout size={18} stroke={1.6} />} onClick={() => void leave(session)}>{t('shared.leave')}</Menu.Item>}
        {details && <Menu.Item leftSection={<IconInfoCircle size={18} stroke={1.6} />} onClick={() => void navigate(sessionPath(session.id))}>{t('sessions.details')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
