import { useQueryClient } from '@tanstack/react-query';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { confirm } from '@/ui/confirm';
import { toast, toastProblem } from '@/ui/toast';
import { nameOf } from './people';
import { sessionKeys } from './sessions';
import { endShare } from './shares';

export const ownerOf = (session: Session): string => nameOf(session.owner);

/** Leaves a session that somebody else shares; asked before, because only its owner can take it back. */
export function useLeave(): (session: Session) => Promise<boolean> {
  const queries = useQueryClient();
  return async (session) => {
    const { name, share } = session;
    if (!share) return false;
    const sure = await confirm({ title: t('shared.leaveTitle', { name }), body: t('shared.leaveBody', { owner: ownerOf(session) }), action: t('shared.leaveAction'), danger: true });
    if (!sure) return false;
    try {
      await endShare(session.id, share.id);
      toast(t('shared.left', { name }));
      await queries.invalidateQueries({ queryKey: sessionKeys.lists });
      return true;
    } catch (error) {
      toastProblem(error);
      return false;
    }
  };
}
