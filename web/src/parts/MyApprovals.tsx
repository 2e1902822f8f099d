import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { LaunchApproval } from '@/api/types';
import { t } from '@/i18n';
import { formatExact } from '@/model/format';
import { useLaunch } from '@/model/launch';
import { launchKeys, launchRulesQuery } from '@/model/launchRules';
import { toastProblem } from '@/ui/toast';
import css from './MyApprovals.module.css';

/** What one asked for and may launch now, or waits for. Nothing when there is nothing. */
export function MyApprovals() {
  const { data } = useQuery(launchRulesQuery);
  if (!data || data.approvals.length === 0) return null;
  return (
    <ul className={css.list} aria-label={t('approval.mine')}>
      {data.approvals.map((approval) => <Row key={approval.id} approval={approval} />)}
    </ul>
  );
}

function Row({ approval }: { approval: LaunchApproval }) {
  const queries = useQueryClient();
  const launch = useLaunch();
  const withdraw = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/launch-approvals/{id}/withdraw', { params: { path: { id: approval.id } } })),
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: launchKeys.all }),
  });
  const granted = approval.status === 'granted';
  const name = approval.template_title;
  return (
    <li className={css.row}>
      <div className={css.words}>
        <Text fw={550}>{t(granted ? 'approval.youMay' : 'approval.youWait', { name })}</Text>
        <Text size="sm" c="dimmed">
          {granted ? t(approval.once ? 'approval.byOnce' : 'approval.byOften', { who: approval.decided_by?.username ?? '', time: formatExact(approval.expires_at) }) : approval.reason}
          {approval.answer && ` “${approval.answer}”`}
        </Text>
      </div>
      {granted && <Button loading={launch.isPending} onClick={() => launch.mutate({ template: approval.template }, { onError: toastProblem })}>{t('catalogue.launchOf', { name })}</Button>}
      <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>{t('approval.withdraw')}</Button>
    </li>
  );
}
