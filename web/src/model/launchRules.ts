import { queryOptions } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { LaunchApproval, LaunchRules } from '@/api/types';

export const launchKeys = { all: ['launch'] as const, rules: ['launch', 'rules'] as const, approvals: ['launch', 'approvals'] as const };

/** What one has to do before a launch, so that nobody is refused after the click. */
export const launchRulesQuery = queryOptions({
  queryKey: launchKeys.rules,
  queryFn: ({ signal }) => ok(api.GET('/api/v1/launch-rules', { signal })),
  staleTime: 15_000,
});

/** Nothing; a reason; an approval that has to be asked for, that is not decided, or that can be used. */
export type LaunchNeed = 'free' | 'reason' | 'ask' | 'waiting' | 'approved';

export interface Need {
  need: LaunchNeed;
  policy: string;
  approval: LaunchApproval | null;
}

export function needOf(rules: LaunchRules | undefined, template: string): Need {
  const rule = rules?.templates[template] ?? rules?.everywhere;
  const policy = rule?.policy ?? '';
  if (!rule?.require_approval) return { need: rule?.require_reason ? 'reason' : 'free', policy, approval: null };
  const own = rules?.approvals.filter((a) => a.template === template) ?? [];
  const granted = own.find((a) => a.status === 'granted');
  if (granted) return { need: 'approved', policy, approval: granted };
  const pending = own.find((a) => a.status === 'pending');
  return pending ? { need: 'waiting', policy, approval: pending } : { need: 'ask', policy, approval: null };
}
