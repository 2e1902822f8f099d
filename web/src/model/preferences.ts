import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';

export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: ({ signal }) => ok(api.GET('/api/v1/me/preferences', { signal })),
});
