import { IconAppWindow, IconChecklist, IconDeviceDesktop, IconDeviceLaptop, IconHistory, IconHome, IconLayoutGrid, IconMovie, IconPlayerRecord, IconServer2, IconSettings, IconShare, IconShieldLock, IconUsers, IconUsersGroup, type Icon } from '@tabler/icons-react';
import type { Me } from '@/api/types';
import type { Key } from '@/i18n';
import { may, permissions } from '@/model/me';

export interface Place {
  to: string;
  text: Key;
  icon: Icon;
  /** Second key after `g`. */
  key?: string;
  /** One of these permissions. */
  needs?: string | string[];
}

export const mainPlaces: Place[] = [
  { to: '/', text: 'nav.home', icon: IconHome, key: 'h' },
  { to: '/catalogue', text: 'nav.catalogue', icon: IconLayoutGrid, key: 'c' },
  { to: '/sessions', text: 'nav.sessions', icon: IconDeviceDesktop, key: 's' },
  { to: '/shared', text: 'nav.shared', icon: IconShare, key: 'm' },
  { to: '/recordings', text: 'nav.recordings', icon: IconMovie, key: 'r' },
];

const adminPlaces: Place[] = [
  { to: '/admin/users', text: 'nav.users', icon: IconUsers, needs: permissions.users },
  { to: '/admin/teams', text: 'nav.teams', icon: IconUsersGroup, needs: permissions.teams },
  { to: '/admin/sessions', text: 'nav.allSessions', icon: IconAppWindow, needs: permissions.allSessions },
  { to: '/admin/approvals', text: 'nav.approvals', icon: IconChecklist, needs: [permissions.approvals, permissions.protection] },
  { to: '/admin/protection', text: 'nav.protection', icon: IconShieldLock, needs: permissions.protection },
  { to: '/admin/recordings', text: 'nav.allRecordings', icon: IconPlayerRecord, needs: permissions.allRecordings },
  { to: '/admin/audit', text: 'nav.audit', icon: IconHistory, needs: permissions.audit },
  { to: '/admin/system', text: 'nav.system', icon: IconServer2, needs: permissions.system },
];

export const personPlaces: Place[] = [
  { to: '/preferences', text: 'nav.preferences', icon: IconSettings, key: 'p' },
  { to: '/logins', text: 'nav.logins', icon: IconDeviceLaptop },
];

/** Only what this person may use. */
export const adminPlacesOf = (me: Me): Place[] => adminPlaces.filter((place) => !place.needs || [place.needs].flat().some((name) => may(me, name)));

export const allPlacesOf = (me: Me): Place[] => [...mainPlaces, ...adminPlacesOf(me), ...personPlaces];
