import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, idempotencyKey, ok } from '@/api/http';
import { toProblem } from '@/api/problem';
import type { LaunchRequest, Session, Template } from '@/api/types';
import { t } from '@/i18n';
import { askText } from '@/ui/askText';
import { toast } from '@/ui/toast';
import { launchKeys, launchRulesQuery, needOf, type Need } from './launchRules';
import { putSession, sessionKeys } from './sessions';
import { templateKeys } from './templates';

export const viewerPath = (id: string): string => `/sessions/${id}/view`;
export const sessionPath = (id: string): string => `/sessions/${id}`;

/** Launches and opens the viewer at once; the viewer shows the steps. Asks before, where a policy wants a reason or an approval. */
export function useLaunch() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: LaunchRequest) => launch(queries, body),
    onSuccess: (session) => {
      void queries.invalidateQueries({ queryKey: launchKeys.all });
      if (!session) return;
      putSession(queries, session);
      void queries.invalidateQueries({ queryKey: sessionKeys.lists });
      void queries.invalidateQueries({ queryKey: templateKeys.all });
      void navigate(viewerPath(session.id));
    },
  });
}

/** Null when there is no session now: an approval was asked for, or the person changed their mind. */
async function launch(queries: QueryClient, body: LaunchRequest): Promise<Session | null> {
  const before = await queries.ensureQueryData(launchRulesQuery).then((rules) => needOf(rules, body.template), () => null);
  if (before && before.need !== 'free' && before.need !== 'approved') return prepare(queries, body, before);
  try {
    return await post(body);
  } catch (error) {
    // A policy that came while the page was open.
    if (!['REASON_REQUIRED', 'APPROVAL_REQUIRED', 'APPROVAL_PENDING'].includes(toProblem(error).code)) throw error;
    const now = needOf(await queries.fetchQuery({ ...launchRulesQuery, staleTime: 0 }), body.template);
    if (now.need === 'free' || now.need === 'approved') return post(body);
    return prepare(queries, body, now);
  }
}

async function prepare(queries: QueryClient, body: LaunchRequest, { need, policy }: Need): Promise<Session | null> {
  const name = titleOf(queries, body.template);
  if (need === 'waiting') {
    toast(t('approval.stillWaiting', { name }));
    return null;
  }
  const asks = need === 'ask';
  const reason = body.reason?.trim() || (await askText({
    title: t(asks ? 'approval.askTitle' : 'launch.reasonTitle', { name }),
    body: t(asks ? 'approval.askBody' : 'launch.reasonBody', { policy }),
    label: t('launch.reason'),
    action: t(asks ? 'approval.ask' : 'launch.submit'),
  }));
  if (!reason) return null;
  if (!asks) return post({ ...body, reason });
  await ok(api.POST('/api/v1/launch-approvals', { body: { template: body.template, reason } }));
  toast(t('approval.asked', { name }));
  return null;
}

const post = (body: LaunchRequest): Promise<Session> => ok(api.POST('/api/v1/sessions', { body, headers: { 'Idempotency-Key': idempotencyKey() } }));

const titleOf = (queries: QueryClient, name: string): string =>
  queries.getQueryData<{ items: Template[] }>(templateKeys.all)?.items.find((template) => template.name === name)?.display_name ?? name;
