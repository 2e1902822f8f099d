import { ActionIcon, Kbd, Menu, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconBook, IconKeyboard, IconLogout, IconSearch } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { t } from '@/i18n';
import { initialsOf } from '@/model/initials';
import { useMe } from '@/model/me';
import { nameOf } from '@/model/people';
import { Brand } from '@/ui/Brand';
import { personPlaces } from './navigation';
import { useLiveState } from './LiveBridge';
import { useSignOut } from './useSignOut';
import css from './TopBar.module.css';

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function TopBar({ onPalette, onHelp, phone }: { onPalette: () => void; onHelp: () => void; phone: boolean }) {
  return (
    <div className={css.bar}>
      <div className={css.side}>{phone && <Brand size={28} />}</div>
      {phone ? (
        <span className={css.name}>{t('app.name')}</span>
      ) : (
        <UnstyledButton className={css.search} onClick={onPalette} aria-keyshortcuts="Control+K">
          <IconSearch size={16} stroke={1.8} aria-hidden />
          <span>{t('palette.open')}</span>
          <Kbd size="xs" aria-hidden>{apple ? '⌘ K' : 'Ctrl K'}</Kbd>
        </UnstyledButton>
      )}
      <div className={css.side} data-end>
        <LiveMark />
        {phone && (
          <ActionIcon onClick={onPalette} aria-label={t('palette.open')} size={40}><IconSearch size={20} stroke={1.6} /></ActionIcon>
        )}
        <Person onHelp={onHelp} />
      </div>
    </div>
  );
}

/** Silent while all is well; says so when what is shown may be old. */
function LiveMark() {
  const state = useLiveState();
  if (state !== 'waiting') return null;
  return (
    <Tooltip label={t('app.reconnecting')}>
      <span className={css.waiting} role="status">
        <i aria-hidden /> {t('live.waiting')}
      </span>
    </Tooltip>
  );
}

function Person({ onHelp }: { onHelp: () => void }) {
  const { user } = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const name = nameOf(user);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={css.person} aria-label={t('nav.person', { name })}>
          <span className={css.initials} data-initials={initialsOf(name)} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css.who}>
          <Text fw={600} className="ellipsis">{name}</Text>
          <Text size="xs" c="dimmed" className="ellipsis">{user.username} · {user.roles.join(', ')}</Text>
        </div>
        <Menu.Divider />
        {personPlaces.map((place) => (
          <Menu.Item key={place.to} leftSection={<place.icon size={18} stroke={1.6} />} onClick={() => void navigate(place.to)}>{t(place.text)}</Menu.Item>
        ))}
        <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.6} />} rightSection={<Kbd size="xs">?</Kbd>} onClick={onHelp}>{t('nav.shortcuts')}</Menu.Item>
        <Menu.Item leftSection={<IconBook size={18} stroke={1.6} />} component="a" href="/api/docs" target="_blank" rel="noreferrer">{t('nav.apiDocs')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.6} />} onClick={signOut}>{t('nav.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
