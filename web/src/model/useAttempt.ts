import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { toast, toastProblem } from '@/ui/toast';

/** Tries something, says how it went, and has everything under a key read anew either way. Answers whether it went well. */
export function useAttempt(queryKey: QueryKey) {
  const queries = useQueryClient();
  return async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
    try {
      await work();
      if (done) toast(done);
      return true;
    } catch (error) {
      toastProblem(error);
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey });
    }
  };
}
