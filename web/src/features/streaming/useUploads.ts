import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isProblem } from '@/api/http';
import { toProblem } from '@/api/problem';
import { upload } from '@/api/upload';
import { t } from '@/i18n';
import { confirm } from '@/ui/confirm';
import { problemText } from '@/ui/problemText';
import { filesKey } from './files.queries';

export interface Upload {
  id: number;
  name: string;
  bytes: number;
  sent: number;
  state: 'waiting' | 'sending' | 'checking' | 'done' | 'failed';
  problem?: string;
}

interface Job extends Upload {
  file: File;
  folder: string;
  stop: AbortController;
}

export interface Uploads {
  list: readonly Upload[];
  add: (folder: string, files: readonly File[]) => void;
  /** Cancels what is on its way, and takes away what has ended. */
  drop: (id: number) => void;
}

const shown = ({ id, name, bytes, sent, state, problem }: Job): Upload => ({ id, name, bytes, sent, state, ...(problem !== undefined && { problem }) });

/** Files on their way into the session, one after the other; they go on while the panel is closed. */
export function useUploads(session: string): Uploads {
  const queries = useQueryClient();
  const jobs = useRef<Job[]>([]);
  const busy = useRef(false);
  const number = useRef(0);
  const [list, setList] = useState<readonly Upload[]>([]);

  const change = useCallback((job: Job, part: Partial<Upload>) => {
    Object.assign(job, part);
    setList(jobs.current.map(shown));
  }, []);

  const send = useCallback(async (job: Job): Promise<void> => {
    const path = `/api/v1/console/files/${session}/upload?path=${encodeURIComponent(`${job.folder}/${job.name}`)}`;
    for (let replace = false; ; replace = true) {
      try {
        change(job, { state: 'sending', sent: 0 });
        await upload(path + (replace ? '&replace=true' : ''), job.file, (sent) => change(job, { sent, state: sent >= job.bytes ? 'checking' : 'sending' }), job.stop.signal);
        change(job, { state: 'done', sent: job.bytes });
        return;
      } catch (error) {
        if (job.stop.signal.aborted) return;
        const taken = !replace && isProblem(error, 409) && error.code === 'FILE_EXISTS';
        if (taken && (await confirm({ title: t('files.replaceTitle', { name: job.name }), body: t('files.replaceBody'), action: t('files.replace'), danger: true }))) continue;
        change(job, { state: 'failed', problem: problemText(toProblem(error)) });
        return;
      }
    }
  }, [session, change]);

  const work = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    for (let next = jobs.current.find((job) => job.state === 'waiting'); next; next = jobs.current.find((job) => job.state === 'waiting')) {
      await send(next);
      // Also after a refusal: it may be the first sign of a policy that has changed.
      await queries.invalidateQueries({ queryKey: filesKey(session) });
    }
    busy.current = false;
  }, [queries, send, session]);

  useEffect(() => () => jobs.current.forEach((job) => job.stop.abort()), []);

  const add = useCallback((folder: string, files: readonly File[]) => {
    jobs.current = [
      ...jobs.current.filter((job) => job.state !== 'done'),
      ...files.map((file): Job => ({ id: ++number.current, file, folder, name: file.name, bytes: file.size, sent: 0, state: 'waiting', stop: new AbortController() })),
    ];
    setList(jobs.current.map(shown));
    void work();
  }, [work]);

  const drop = useCallback((id: number) => {
    jobs.current.find((job) => job.id === id)?.stop.abort();
    jobs.current = jobs.current.filter((job) => job.id !== id);
    setList(jobs.current.map(shown));
  }, []);

  return { list, add, drop };
}
