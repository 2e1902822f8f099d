import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { DlpPolicy } from '@/api/types';
import { t } from '@/i18n';
import { may, useMe } from '@/model/me';
import { Page } from '@/ui/Page';
import { useParam } from '@/ui/useParam';
import { PolicyDrawer } from '../components/PolicyDrawer';
import { PolicyList } from '../components/PolicyList';
import { Statistics } from '../components/Statistics';
import { ViolationList } from '../components/ViolationList';

const tabs = ['policies', 'violations', 'statistics'] as const;

/** Policies, what they stopped, and how often. */
export function ProtectionPage() {
  const mayManage = may(useMe(), 'dlp.manage');
  const [tab, setTab] = useParam('part', 'policies');
  const [open, setOpen] = useState<DlpPolicy | 'new' | null>(null);
  return (
    <Page wide title={t('dlp.title')} lead={t('dlp.lead')} action={mayManage && <Button leftSection={<IconPlus size={18} />} onClick={() => setOpen('new')}>{t('dlp.new')}</Button>}>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'policies')} keepMounted={false}>
        <Tabs.List aria-label={t('dlp.tabs')} mb="md">
          {tabs.map((name) => <Tabs.Tab key={name} value={name}>{t(`dlp.tab.${name}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="policies"><PolicyList onOpen={setOpen} mayManage={mayManage} /></Tabs.Panel>
        <Tabs.Panel value="violations"><ViolationList mayManage={mayManage} /></Tabs.Panel>
        <Tabs.Panel value="statistics"><Statistics /></Tabs.Panel>
      </Tabs>
      <PolicyDrawer policy={open} mayManage={mayManage} onClose={() => setOpen(null)} />
    </Page>
  );
}
