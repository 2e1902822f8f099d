import { Checkbox, Table } from '@mantine/core';
import { Link } from 'react-router';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { formatCpu, formatSize } from '@/model/format';
import { sessionPath } from '@/model/launch';
import { nameOf } from '@/model/people';
import { SessionMenu } from '@/parts/SessionMenu';
import { StateDot } from '@/parts/StateDot';
import { TemplateIcon } from '@/parts/TemplateIcon';
import { TimeAgo } from '@/parts/TimeAgo';
import { DenseTable } from '@/ui/DenseTable';
import type { Selection } from '../useSelection';
import css from './SessionTable.module.css';

export function SessionTable({ sessions, showOwner, selection }: { sessions: Session[]; showOwner: boolean; selection: Selection }) {
  return (
    <DenseTable minWidth={showOwner ? 980 : 860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox aria-label={t('action.selectAll')} checked={selection.all} indeterminate={selection.some && !selection.all} onChange={(e) => selection.setAll(e.currentTarget.checked)} />
          </Table.Th>
          <Table.Th>{t('sessions.col.name')}</Table.Th>
          <Table.Th>{t('sessions.col.state')}</Table.Th>
          {showOwner && <Table.Th>{t('sessions.col.owner')}</Table.Th>}
          <Table.Th>{t('sessions.col.template')}</Table.Th>
          <Table.Th>{t('sessions.col.runtime')}</Table.Th>
          <Table.Th>{t('sessions.col.size')}</Table.Th>
          <Table.Th ta="end">{t('sessions.col.viewers')}</Table.Th>
          <Table.Th>{t('sessions.col.activity')}</Table.Th>
          <Table.Th w={44}><span className="visually-hidden">{t('action.more')}</span></Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sessions.map((session) => (
          <Table.Tr key={session.id} {...(selection.has(session.id) ? { bg: 'var(--ss-accent-wash)' } : {})}>
            <Table.Td>
              <Checkbox aria-label={t('action.selectOne', { name: session.name })} checked={selection.has(session.id)} onChange={(e) => selection.set(session.id, e.currentTarget.checked)} />
            </Table.Td>
            <Table.Td className={css.name}><Link to={sessionPath(session.id)} title={session.name}>{session.name}</Link></Table.Td>
            <Table.Td><StateDot phase={session.phase} /></Table.Td>
            {showOwner && <Table.Td className={css.cut}>{nameOf(session.owner)}</Table.Td>}
            <Table.Td className={css.cut}>
              <span className={css.app}><TemplateIcon url={session.template.icon_url} size={20} /> {session.template.display_name}</span>
            </Table.Td>
            <Table.Td>{session.runtime}</Table.Td>
            <Table.Td className="tnum">{formatCpu(session.resources.cpu)}, {formatSize(session.resources.memory)}</Table.Td>
            <Table.Td ta="end" className="tnum">{session.viewers}</Table.Td>
            <Table.Td><TimeAgo time={session.last_activity_at} /></Table.Td>
            <Table.Td><SessionMenu session={session} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </DenseTable>
  );
}
