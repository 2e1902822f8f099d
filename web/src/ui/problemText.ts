import type { Problem } from '@/api/problem';
import { t, tOr } from '@/i18n';

/** A sentence for the person. Our own wording where we have one for the code, else the server's sentence. */
export function problemText(problem: Problem): string {
  if (problem.status === 0) return t('error.unreachable');
  if (problem.status === -1) return t('error.unexpected', { text: problem.message });
  const fields = problem.fields.map((f) => `${f.field}: ${f.issue}`).join('; ');
  const said = problem.message || fields;
  return tOr(`problem.${problem.code}`, said || t('error.unknown', { status: problem.status }));
}
