import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Template } from '@/api/types';

export const templateKeys = { all: ['templates'] as const, one: (name: string) => ['templates', name] as const };

/** The whole catalogue: it is small, and searching it in memory answers while typing. */
export const templatesQuery = queryOptions({
  queryKey: templateKeys.all,
  queryFn: ({ signal }) => ok(api.GET('/api/v1/templates', { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

/** Where a template can run now, the best first; null when nowhere. */
export function bestRuntime(template: Template): Template['runtimes'][number] | null {
  const rank = { ready: 0, needs_image: 1, missing: 2, unavailable: 3 };
  const sorted = [...template.runtimes].sort((a, b) => rank[a.state] - rank[b.state]);
  const best = sorted[0];
  return best && (best.state === 'ready' || best.state === 'needs_image') ? best : null;
}

export const byLastUse = (a: Template, b: Template): number => (b.last_used_at ?? '').localeCompare(a.last_used_at ?? '');

export function useFavourite() {
  const queries = useQueryClient();
  type Page = { items: Template[] };
  const mark = (name: string, favourite: boolean) =>
    queries.setQueryData<Page>(templateKeys.all, (page) =>
      page && { ...page, items: page.items.map((t) => (t.name === name ? { ...t, favourite } : t)) },
    );
  return useMutation({
    mutationFn: ({ name, favourite }: { name: string; favourite: boolean }) => {
      const call = { params: { path: { name } } };
      return favourite ? ok(api.PUT('/api/v1/templates/{name}/favourite', call)) : ok(api.DELETE('/api/v1/templates/{name}/favourite', call));
    },
    // Shown at once; taken back if the server refuses.
    onMutate: ({ name, favourite }) => mark(name, favourite),
    onError: (_error, { name, favourite }) => mark(name, !favourite),
  });
}
