import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Me, Session, Share, ShareRequest } from '@/api/types';
import { isOver } from './phase';
import { may } from './me';
import { sessionKeys } from './sessions';

export const levels = ['view', 'collaborate', 'control'] as const;
export type Level = (typeof levels)[number];

/** How long a share may be given for, as the dialog offers it; empty: until somebody ends it. */
export const spans = ['', '1h', '4h', '1d', '7d', '30d'] as const;

export const sharesQuery = (session: string) =>
  queryOptions({
    queryKey: sessionKeys.part(session, 'shares'),
    queryFn: ({ signal }) => ok(api.GET('/api/v1/sessions/{session}/shares', { params: { path: { session }, query: { limit: 200 } }, signal })),
    select: (page) => page.items,
  });

/** The owner shares, and who manages the session instead of them. */
export const mayShare = (me: Me, session: Session): boolean =>
  may(me, 'sessions.share') && !isOver(session.phase) && (session.permissions.manage || session.owner.id === me.user.id);

/** Somebody else's session that one may look at and no more, because it is shared with one. */
export const isGuest = (session: Session): boolean => session.share !== null && !session.permissions.manage;

/** What was typed is a user name or an address; the request says which. */
export const personOf = (typed: string): Pick<ShareRequest, 'username' | 'email'> => {
  const text = typed.trim();
  return text.includes('@') ? { email: text } : { username: text };
};

export function useShares(session: string) {
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: sessionKeys.part(session, 'shares') }) };
  const give = useMutation({
    mutationFn: (body: ShareRequest) => ok(api.POST('/api/v1/sessions/{session}/share', { params: { path: { session } }, body })),
    ...settled,
  });
  /** The request is the whole of a share: what is not to change is said again. */
  const change = useMutation({
    mutationFn: ({ share, level }: { share: Share; level: Level }) =>
      ok(api.POST('/api/v1/sessions/{session}/share', { params: { path: { session } }, body: { user_id: share.user.id, level, expires_at: share.expires_at, note: share.note } })),
    ...settled,
  });
  const end = useMutation({ mutationFn: (share: string) => endShare(session, share), ...settled });
  return { give, change, end };
}

export const endShare = (session: string, share: string) =>
  ok(api.DELETE('/api/v1/sessions/{session}/shares/{share}', { params: { path: { session, share } } }));
