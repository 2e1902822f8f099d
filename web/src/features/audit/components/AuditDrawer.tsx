import { Button, Code, Stack, Table, Title } from '@mantine/core';
import type { AuditRow } from '@/api/types';
import { t, tOr } from '@/i18n';
import { formatExact } from '@/model/format';
import { Facts } from '@/parts/Facts';
import { SideDrawer } from '@/ui/SideDrawer';
import { TraceId } from '@/ui/views';

/** One entry with everything that was recorded. */
export function AuditDrawer({ row, onClose, onUser }: { row: AuditRow | null; onClose: () => void; onUser: (id: string) => void }) {
  const changes = row?.changes ?? [];
  const actor = row?.actor;
  return (
    <SideDrawer opened={row !== null} onClose={onClose} title={row?.action ?? t('audit.details')}>
      {row && (
        <Stack gap="lg" align="flex-start">
          <Facts rows={[
            [t('audit.col.time'), formatExact(row.time)],
            [t('audit.col.who'), actor?.username || t('audit.nobody')],
            [t('audit.col.resource'), <Code key="r">{row.resource}</Code>],
            [t('audit.col.address'), row.address ?? ''],
            ...(row.agent ? [[t('audit.agent'), row.agent] as [string, string]] : []),
            [t('audit.col.result'), tOr(`audit.result.${row.result}`, row.result)],
          ]} />
          {changes.length > 0 && (
            <section style={{ width: '100%' }}>
              <Title order={3} mb="sm">{t('audit.changes')}</Title>
              <Table verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr><Table.Th><span className="visually-hidden">{t('sessions.col.name')}</span></Table.Th><Table.Th>{t('audit.before')}</Table.Th><Table.Th>{t('audit.after')}</Table.Th></Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {changes.map((change) => (
                    <Table.Tr key={change.field}><Table.Td>{change.field}</Table.Td><Table.Td>{change.before}</Table.Td><Table.Td>{change.after}</Table.Td></Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
          )}
          {row.trace_id && <TraceId id={row.trace_id} />}
          {actor?.id && <Button variant="default" onClick={() => onUser(actor.id ?? '')}>{t('audit.forUser')}</Button>}
        </Stack>
      )}
    </SideDrawer>
  );
}
