import { infiniteQueryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ok, raw } from '@/api/http';
import type { FileRow } from '@/api/types';
import { t } from '@/i18n';
import { sessionKeys } from '@/model/sessions';
import { confirm } from '@/ui/confirm';
import { toast, toastProblem } from '@/ui/toast';

export const home = '/home/user';

export const filesKey = (session: string) => sessionKeys.part(session, 'files');

/** One folder, page by page. */
export const filesQuery = (session: string, path: string) =>
  infiniteQueryOptions({
    queryKey: [...filesKey(session), path],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET('/api/v1/console/files/{session}', { params: { path: { session }, query: { path, limit: 200, ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    retry: false,
    staleTime: 0,
  });

/** Everything that is done to what is there already. */
export function useFileActions(session: string) {
  const queries = useQueryClient();
  const attempt = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      if (done) toast(done);
      return true;
    } catch (error) {
      toastProblem(error);
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: filesKey(session) });
    }
  };
  const at = { path: { session } };
  return {
    makeFolder: (path: string) => attempt(() => ok(api.POST('/api/v1/console/files/{session}/directory', { params: { ...at, query: { path } } }))),
    rename: (path: string, to: string) => attempt(() => ok(api.POST('/api/v1/console/files/{session}/rename', { params: at, body: { path, to } }))),
    remove: async ({ path, name, type }: FileRow) => {
      const folder = type === 'folder';
      if (!(await confirm({ title: t('files.deleteTitle', { name }), body: t(folder ? 'files.deleteFolderBody' : 'files.deleteBody'), action: t('files.delete'), danger: true }))) return;
      await attempt(
        () => folder
          ? ok(api.DELETE('/api/v1/console/files/{session}/directory', { params: { ...at, query: { path, recursive: true } } }))
          : ok(api.DELETE('/api/v1/console/files/{session}/file', { params: { ...at, query: { path } } })),
        t('files.deleted', { name }),
      );
    },
    download: async ({ path, name }: FileRow) => {
      try {
        // Asked for by the page and not by a link, so that a refusal is told here instead of being saved as a file.
        const answer = await raw(`/api/v1/console/files/${session}/download?path=${encodeURIComponent(path)}`);
        const link = document.createElement('a');
        link.href = URL.createObjectURL(await answer.blob());
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      } catch (error) {
        toastProblem(error);
        await queries.invalidateQueries({ queryKey: filesKey(session) });
      }
    },
  };
}
