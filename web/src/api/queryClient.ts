import { QueryClient } from '@tanstack/react-query';
import { isProblem } from './http';
import { toProblem } from './problem';

/** The realtime socket keeps what is shown fresh, so nothing is asked again just because time passed. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: 'always',
        retry: (failures, error) => failures < 2 && toProblem(error).passing && !isProblem(error, 429),
        retryDelay: (attempt) => Math.min(400 * 2 ** attempt, 4000),
      },
      mutations: { retry: false },
    },
  });
}
