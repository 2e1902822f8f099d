import { lazy, Suspense } from 'react';
import { openShareDialog, useShareDialog } from '@/model/shareDialog';

const ShareDialog = lazy(() => import('@/parts/ShareDialog').then((m) => ({ default: m.ShareDialog })));

/** The one dialog for sharing, wherever it was asked for. */
export function ShareHost() {
  const session = useShareDialog();
  return <Suspense fallback={null}>{session && <ShareDialog key={session.id} session={session} onClose={() => openShareDialog(null)} />}</Suspense>;
}
