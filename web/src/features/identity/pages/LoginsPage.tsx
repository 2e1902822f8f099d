import { Badge, Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { api, ok } from '@/api/http';
import type { Login } from '@/api/types';
import { t } from '@/i18n';
import { TimeAgo } from '@/parts/TimeAgo';
import { confirm } from '@/ui/confirm';
import { Page } from '@/ui/Page';
import { toast, toastProblem } from '@/ui/toast';
import { EmptyView, ErrorView, RowsSkeleton } from '@/ui/views';
import css from './LoginsPage.module.css';

const key = ['logins'];

function Glyph({ device }: { device: string }) {
  const props = { size: 24, stroke: 1.4, 'aria-hidden': true } as const;
  if (/cli|curl|command/i.test(device)) return <IconTerminal2 {...props} />;
  return /android|iphone|ipad|mobile/i.test(device) ? <IconDeviceMobile {...props} /> : <IconDeviceDesktop {...props} />;
}

export function LoginsPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const logins = useQuery({ queryKey: key, queryFn: ({ signal }) => ok(api.GET('/api/v1/auth/logins', { signal })), staleTime: 0 });

  const end = async (login: Login) => {
    try {
      await ok(api.DELETE('/api/v1/auth/logins/{id}', { params: { path: { id: login.id } } }));
      toast(t('logins.ended'));
      await queries.invalidateQueries({ queryKey: key });
    } catch (error) {
      toastProblem(error);
    }
  };
  const endAll = async () => {
    if (!(await confirm({ title: t('logins.endAllTitle'), body: t('logins.endAllBody'), action: t('logins.endAll'), danger: true }))) return;
    try {
      await ok(api.POST('/api/v1/auth/logout-all', {}));
      void navigate('/login', { replace: true });
      queries.clear();
    } catch (error) {
      toastProblem(error);
    }
  };

  return (
    <Page title={t('logins.title')} lead={t('logins.lead')} action={<Button variant="default" onClick={() => void endAll()}>{t('logins.endAll')}</Button>}>
      {logins.isPending ? (
        <RowsSkeleton rows={3} height={72} />
      ) : logins.isError ? (
        <ErrorView error={logins.error} retry={() => void logins.refetch()} />
      ) : logins.data.items.length === 0 ? (
        <EmptyView title={t('logins.empty')} />
      ) : (
        <ul className={css.list}>
          {logins.data.items.map((login) => (
            <li key={login.id} className={css.row}>
              <Glyph device={login.device} />
              <div className={css.words}>
                <Group gap="sm">
                  <Text fw={600} className="ellipsis">{login.device}</Text>
                  {login.current && <Badge variant="light" tt="none">{t('logins.current')}</Badge>}
                </Group>
                <Text size="sm" c="dimmed">
                  {login.address} · {t('logins.lastUsed')} <TimeAgo time={login.last_used_at} /> · {t('logins.since')} <TimeAgo time={login.created_at} />
                </Text>
              </div>
              {!login.current && (
                <Button variant="default" aria-label={t('logins.endOf', { device: login.device })} onClick={() => void end(login)}>{t('logins.end')}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
