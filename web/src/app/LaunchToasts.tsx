import { Anchor, Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import type { LiveEvent } from '@/api/live';
import { t } from '@/i18n';
import { useLaunch } from '@/model/launch';
import { launchKeys } from '@/model/launchRules';
import { onLiveEvent } from '@/model/live';
import { useMe } from '@/model/me';
import { toast, toastError, toastProblem } from '@/ui/toast';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const part = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});

/** Approvals and violations as they happen, for whoever the server tells of them. */
export function LaunchToasts() {
  const { user } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const launch = useLaunch();

  useEffect(() => {
    const go = (to: string, label: string, id: string) => (
      <Anchor component="button" type="button" size="sm" onClick={() => { notifications.hide(id); void navigate(to); }}>{label}</Anchor>
    );
    const own = (event: LiveEvent, approval: Record<string, unknown>) => {
      const name = text(approval.templateTitle);
      const values = { name, who: text(approval.decidedBy), text: text(approval.answer) };
      if (event.type === 'approval.expired') toast(t('approval.toastExpired', values));
      if (event.type === 'approval.refused') notifications.show({ color: 'red', autoClose: false, message: t('approval.toastRefused', values), closeButtonProps: { 'aria-label': t('action.close') } });
      if (event.type !== 'approval.granted') return;
      const id = `approval-${text(approval.id)}`;
      notifications.show({
        id, autoClose: false, title: t('approval.toastGranted', values), closeButtonProps: { 'aria-label': t('action.close') },
        message: (
          <Group gap="sm" mt={4}>
            <Button size="compact-sm" onClick={() => { notifications.hide(id); launch.mutate({ template: text(approval.template) }, { onError: toastProblem }); }}>{t('catalogue.launchOf', { name })}</Button>
          </Group>
        ),
      });
    };
    return onLiveEvent((event) => {
      if (event.type.startsWith('approval.')) {
        void queries.invalidateQueries({ queryKey: launchKeys.all });
        const approval = part(event.data.approval);
        // What a notice offers is over once something else has become of it.
        if (event.type !== 'approval.granted') notifications.hide(`approval-${text(approval.id)}`);
        if (event.type !== 'approval.asked') notifications.hide(`asked-${text(approval.id)}`);
        if (event.userId === user.id) own(event, approval);
        else if (event.type === 'approval.asked') {
          const id = `asked-${text(approval.id)}`;
          notifications.show({
            id, autoClose: 10_000, title: t('approval.toastAsked', { who: text(approval.username), name: text(approval.templateTitle) }), closeButtonProps: { 'aria-label': t('action.close') },
            message: go('/admin/approvals', t('approval.decide'), id),
          });
        }
      } else if (event.type === 'dlp.reported') {
        void queries.invalidateQueries({ queryKey: ['dlp'] });
        const incident = part(event.data.incident);
        toastError(t('dlp.reported', { who: text(event.data.username), policy: text(incident.policyName) }));
      } else if (event.type === 'resync') void queries.invalidateQueries({ queryKey: launchKeys.all });
    });
  }, [user.id, queries, navigate, launch]);
  return null;
}
