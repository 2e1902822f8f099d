import { ActionIcon, Avatar, Select, Skeleton, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconUserX } from '@tabler/icons-react';
import type { Session, Share } from '@/api/types';
import { t } from '@/i18n';
import { useMe } from '@/model/me';
import { nameOf } from '@/model/people';
import { levels, sharesQuery, useShares, type Level } from '@/model/shares';
import { toast, toastProblem } from '@/ui/toast';
import { ErrorView } from '@/ui/views';
import css from './ShareDialog.module.css';
import { ShareEnd } from './ShareLine';

/** Who has access now; kept right by the realtime socket. */
export function SharePeople({ session }: { session: Session }) {
  const me = useMe();
  const shares = useQuery({ ...sharesQuery(session.id), refetchOnMount: 'always' });
  if (shares.isPending) return <Skeleton height={40} />;
  if (shares.isError) return <ErrorView compact error={shares.error} retry={() => void shares.refetch()} />;
  if (shares.data.length === 0) return <Text c="dimmed" size="sm">{t(session.owner.id === me.user.id ? 'share.nobody' : 'share.onlyOwner')}</Text>;
  return (
    <ul className={css.people} aria-label={t('share.who')}>
      {shares.data.map((share) => <Row key={share.id} session={session} share={share} />)}
    </ul>
  );
}

function Row({ session, share }: { session: Session; share: Share }) {
  const { change, end } = useShares(session.id);
  const name = nameOf(share.user);
  const say = { onError: toastProblem };
  const raise = (level: string | null) =>
    level && level !== share.level && change.mutate({ share, level: level as Level }, { ...say, onSuccess: () => toast(t('share.changed', { name, level: t(`level.${level as Level}`) })) });
  return (
    <li className={css.person}>
      <Avatar name={name} color="accent" size={32} radius={99} aria-hidden />
      <div style={{ minWidth: 0 }}>
        <Text fw={600} className="ellipsis" title={share.user.username}>{name}</Text>
        <div className={css.small}>
          <ShareEnd at={share.expires_at} />
          {share.note && <div>{share.note}</div>}
        </div>
      </div>
      <Select className={css.level} w={160} size="sm" aria-label={t('share.levelOf', { name })} allowDeselect={false} value={share.level} disabled={change.isPending} onChange={raise} comboboxProps={{ zIndex: 400 }}
        data={levels.map((level) => ({ value: level, label: t(`level.${level}`) }))} />
      <Tooltip label={t('share.remove', { name })}>
        <ActionIcon color="red" size={36} aria-label={t('share.remove', { name })} loading={end.isPending} onClick={() => end.mutate(share.id, { ...say, onSuccess: () => toast(t('share.removed', { name })) })}>
          <IconUserX size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
