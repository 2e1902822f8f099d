import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Account } from '@/api/types';
import { t } from '@/i18n';
import { nameOf } from '@/model/people';
import { useAttempt } from '@/model/useAttempt';
import { confirm } from '@/ui/confirm';

export interface UserFilters {
  search?: string;
  state?: string;
  sort?: string;
}

export const userKeys = { all: ['users'] as const, list: (filters: UserFilters) => ['users', 'list', filters] as const, one: (id: string) => ['users', 'one', id] as const };

export const usersQuery = (filters: UserFilters) =>
  infiniteQueryOptions({
    queryKey: userKeys.list(filters),
    queryFn: ({ pageParam, signal }) => ok(api.GET('/api/v1/users', { params: { query: { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

export const userQuery = (id: string) =>
  queryOptions({ queryKey: userKeys.one(id), queryFn: ({ signal }) => ok(api.GET('/api/v1/users/{id}', { params: { path: { id } }, signal })) });

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: ({ signal }) => ok(api.GET('/api/v1/roles', { signal })), staleTime: Infinity });

/** What an administrator can do to an account; each asks once where it hurts. */
export function useUserActions(onTemporaryPassword: (name: string, password: string) => void, onDeleted: () => void) {
  const path = (user: Account) => ({ params: { path: { id: user.id } } });

  const attempt = useAttempt(userKeys.all);

  return {
    lock: async (user: Account) => {
      const name = nameOf(user);
      if (!(await confirm({ title: t('users.lockTitle', { name }), body: t('users.lockBody'), action: t('users.lock'), danger: true }))) return;
      await attempt(() => ok(api.POST('/api/v1/users/{id}/lock', { ...path(user), body: {} })), t('users.locked', { name }));
    },
    unlock: (user: Account) => attempt(() => ok(api.POST('/api/v1/users/{id}/unlock', path(user))), t('users.unlocked', { name: nameOf(user) })),
    logout: (user: Account) => attempt(() => ok(api.POST('/api/v1/users/{id}/logout', path(user))), t('users.loggedOut', { name: nameOf(user) })),
    reset: async (user: Account) => {
      const name = nameOf(user);
      if (!(await confirm({ title: t('users.resetTitle', { name }), body: t('users.resetBody'), action: t('users.reset'), danger: true }))) return;
      await attempt(async () => {
        const answer = await ok(api.POST('/api/v1/users/{id}/reset-password', path(user)));
        onTemporaryPassword(name, answer.temporary_password);
      });
    },
    remove: async (user: Account) => {
      const name = nameOf(user);
      if (!(await confirm({ title: t('users.deleteTitle', { name }), body: t('users.deleteBody'), action: t('users.delete'), danger: true }))) return;
      await attempt(async () => {
        await ok(api.DELETE('/api/v1/users/{id}', path(user)));
        onDeleted();
      }, t('users.deleted', { name }));
    },
  };
}
