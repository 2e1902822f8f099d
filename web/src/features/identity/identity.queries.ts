import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok, rememberCsrf } from '@/api/http';
import type { SetupRequest } from '@/api/types';
import { meQuery, setupQuery } from '@/model/me';

/** After the cookies are set: who is it, before the first page asks. */
function useEnter() {
  const queries = useQueryClient();
  return async (csrf: string | null | undefined) => {
    rememberCsrf(csrf);
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'setup' });
    await queries.fetchQuery(meQuery);
  };
}

export function useLogin() {
  const enter = useEnter();
  return useMutation({
    mutationFn: async (body: { username: string; password: string; remember: boolean }) => {
      const answer = await ok(api.POST('/api/v1/auth/login', { body }));
      await enter(answer.csrf_token);
    },
  });
}

export function useSetup() {
  const enter = useEnter();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: SetupRequest) => {
      const answer = await ok(api.POST('/api/v1/auth/setup', { body }));
      queries.removeQueries({ queryKey: setupQuery.queryKey });
      await enter(answer.csrf_token);
    },
  });
}
