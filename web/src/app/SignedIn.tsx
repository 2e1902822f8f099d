import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';
import { Outlet } from 'react-router';
import { OwnPasswordPage } from '@/features/identity/pages/OwnPasswordPage';
import { useMe } from '@/model/me';
import { AskTextHost } from '@/ui/askText';
import { ConfirmHost } from '@/ui/confirm';
import { LaunchToasts } from './LaunchToasts';
import { LiveBridge } from './LiveBridge';
import { ShareHost } from './ShareHost';
import { StateToasts } from './StateToasts';
import { UsePreferences } from './UsePreferences';

/** What every signed-in page has: the realtime socket, toasts, the one question dialog. */
export function SignedIn() {
  const { user } = useMe();
  if (user.must_change_password) return <OwnPasswordPage />;
  return (
    <LiveBridge>
      <UsePreferences />
      <StateToasts />
      <LaunchToasts />
      <Notifications position="bottom-right" limit={4} autoClose={5000} />
      <ConfirmHost />
      <AskTextHost />
      <ShareHost />
      <Outlet />
    </LiveBridge>
  );
}
