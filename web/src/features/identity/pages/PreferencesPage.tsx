import { SegmentedControl, Select, Stack, Tabs, Text, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '@/api/http';
import type { Preferences, PreferencesChange } from '@/api/types';
import { isLanguage, language, languages, switchLanguage, t } from '@/i18n';
import { useMe } from '@/model/me';
import { preferencesQuery } from '@/model/preferences';
import { myTeamsQuery } from '@/model/teams';
import { Facts } from '@/parts/Facts';
import { Page } from '@/ui/Page';
import { toast, toastProblem } from '@/ui/toast';
import { useParam } from '@/ui/useParam';
import { ErrorView, RowsSkeleton } from '@/ui/views';
import { ChangePassword } from '../components/ChangePassword';

const geometries = ['auto', '1280x800', '1440x900', '1600x900', '1920x1080', '2560x1440'];
const layouts: Record<string, string> = { us: 'English (US)', gb: 'English (UK)', de: 'Deutsch', ch: 'Deutsch/Français (CH)', fr: 'Français', es: 'Español', it: 'Italiano', pl: 'Polski', se: 'Svenska' };

export function PreferencesPage() {
  const [tab, setTab] = useParam('tab', 'look');
  const preferences = useQuery(preferencesQuery);
  return (
    <Page title={t('prefs.title')}>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'look')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="look">{t('prefs.tab.look')}</Tabs.Tab>
          <Tabs.Tab value="sessions">{t('prefs.tab.sessions')}</Tabs.Tab>
          <Tabs.Tab value="password">{t('prefs.tab.password')}</Tabs.Tab>
        </Tabs.List>
        {tab === 'password' ? (
          <Tabs.Panel value="password" pt="lg" maw={440}><Password /></Tabs.Panel>
        ) : preferences.isPending ? (
          <Tabs.Panel value={tab} pt="lg" maw={440}><RowsSkeleton rows={3} height={60} /></Tabs.Panel>
        ) : preferences.isError ? (
          <Tabs.Panel value={tab} pt="lg"><ErrorView error={preferences.error} retry={() => void preferences.refetch()} /></Tabs.Panel>
        ) : (
          <Tabs.Panel value={tab} pt="lg" maw={440}>{tab === 'sessions' ? <ForSessions now={preferences.data} /> : <Look now={preferences.data} />}</Tabs.Panel>
        )}
      </Tabs>
    </Page>
  );
}

/** Saved the moment it is chosen; taken back when the server refuses. */
function useSave() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PreferencesChange) => ok(api.PATCH('/api/v1/me/preferences', { body })),
    onMutate: (change) => {
      const before = queries.getQueryData<Preferences>(preferencesQuery.queryKey);
      queries.setQueryData<Preferences>(preferencesQuery.queryKey, (old) => old && ({ ...old, ...change } as Preferences));
      return before;
    },
    onSuccess: (answer) => {
      queries.setQueryData(preferencesQuery.queryKey, answer);
      toast(t('prefs.saved'));
    },
    onError: (error, _change, before) => {
      queries.setQueryData(preferencesQuery.queryKey, before);
      toastProblem(error);
    },
  });
}

function Look({ now }: { now: Preferences }) {
  const save = useSave();
  const { setColorScheme } = useMantineColorScheme();
  const theme = now.theme ?? 'system';
  const change = (value: string) => {
    setColorScheme(value === 'system' ? 'auto' : (value as 'light' | 'dark'));
    save.mutate({ theme: value as NonNullable<PreferencesChange['theme']> });
  };
  const speak = (value: string | null) => {
    if (!isLanguage(value)) return;
    save.mutate({ language: value }, { onSuccess: () => void switchLanguage(value) });
  };
  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" fw={500} mb={4} id="theme-label">{t('prefs.theme')}</Text>
        <SegmentedControl fullWidth aria-labelledby="theme-label" value={theme} onChange={change}
          data={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`prefs.theme.${value}`) }))} />
      </div>
      <Select label={t('prefs.language')} allowDeselect={false} value={isLanguage(now.language) ? now.language : language()} onChange={speak}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))} />
    </Stack>
  );
}

function ForSessions({ now }: { now: Preferences }) {
  const save = useSave();
  const runtimes = useQuery({ queryKey: ['runtimes'], queryFn: ({ signal }) => ok(api.GET('/api/v1/runtimes', { signal })) });
  const auto = { value: 'auto', label: t('prefs.runtime.auto') };
  const names = runtimes.data?.items.map((runtime) => ({ value: runtime.name, label: runtime.name, disabled: !runtime.available })) ?? [];
  return (
    <Stack gap="lg">
      <Select label={t('prefs.runtime')} description={t('prefs.runtimeHelp')} allowDeselect={false} data={[auto, ...names]} value={now.default_runtime ?? 'auto'}
        onChange={(value) => value && save.mutate({ default_runtime: value })} />
      <Select label={t('prefs.geometry')} description={t('prefs.geometryHelp')} allowDeselect={false} value={now.default_geometry ?? 'auto'}
        data={geometries.map((value) => ({ value, label: value === 'auto' ? t('prefs.runtime.auto') : value.replace('x', ' × ') }))}
        onChange={(value) => value && save.mutate({ default_geometry: value })} />
      <Select label={t('prefs.keyboard')} description={t('prefs.keyboardHelp')} searchable allowDeselect={false} value={now.keyboard_layout ?? 'us'}
        data={Object.entries(layouts).map(([value, label]) => ({ value, label }))} onChange={(value) => value && save.mutate({ keyboard_layout: value })} />
    </Stack>
  );
}

function Password() {
  const { user } = useMe();
  const teams = useQuery(myTeamsQuery);
  return (
    <Stack gap="lg">
      <Facts rows={[[t('login.username'), user.username], [t('users.email'), user.email ?? t('users.emailNone')], ...(teams.data?.length ? [[t('teams.of'), teams.data.map((team) => team.name).join(', ')] as [string, string]] : [])]} />
      <ChangePassword submit={t('prefs.changePassword')} onDone={() => toast(t('prefs.passwordChanged'))} />
    </Stack>
  );
}
