import { useQuery } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import { launchKeys } from '@/model/launchRules';
import { may, permissions, useMe } from '@/model/me';

/** What waits for this person, by the address of the page where it is dealt with. Kept fresh by the realtime socket. */
export function useBadges(): Record<string, number> {
  const me = useMe();
  const waiting = useQuery({
    queryKey: [...launchKeys.approvals, 'waiting'],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/launch-approvals', { params: { query: { status: 'pending', limit: 1 } }, signal })),
    enabled: may(me, permissions.approvals),
    select: (page) => Number(page.total ?? 0),
  });
  const reported = useQuery({
    queryKey: ['dlp', 'reported'],
    queryFn: ({ signal }) => ok(api.GET('/api/v1/dlp/violations', { params: { query: { status: 'open', notify: true, limit: 1 } }, signal })),
    enabled: may(me, permissions.protection),
    select: (page) => Number(page.total ?? 0),
  });
  return { '/admin/approvals': waiting.data ?? 0, '/admin/protection': reported.data ?? 0 };
}
