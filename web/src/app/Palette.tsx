import '@mantine/spotlight/styles.layer.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSearch, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { api, ok } from '@/api/http';
import { languages, switchLanguage, t, type Language } from '@/i18n';
import { useLaunch, viewerPath } from '@/model/launch';
import { useMe } from '@/model/me';
import { isOver } from '@/model/phase';
import { rowsOf, sessionsQuery } from '@/model/sessions';
import { bestRuntime, templatesQuery } from '@/model/templates';
import { StateDot } from '@/parts/StateDot';
import { TemplateIcon } from '@/parts/TemplateIcon';
import { toastProblem } from '@/ui/toast';
import { allPlacesOf } from './navigation';
import { useSignOut } from './useSignOut';

const [store, palette] = createSpotlight();
const icon = { size: 20, stroke: 1.6 };

/** Every page and action by name. */
export function Palette({ asked, onHelp }: { asked: number; onHelp: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const templates = useQuery(templatesQuery);
  const sessions = useInfiniteQuery(sessionsQuery({ owner: me.user.id, sort: '-created_at' }));
  const launch = useLaunch();
  const keep = useMutation({ mutationFn: (body: { theme?: string; language?: string }) => ok(api.PATCH('/api/v1/me/preferences', { body })), onError: toastProblem });
  useEffect(() => palette.open(), [asked]);

  const paint = (theme: 'light' | 'dark' | 'system') => {
    setColorScheme(theme === 'system' ? 'auto' : theme);
    keep.mutate({ theme });
  };
  const speak = (language: Language) => keep.mutate({ language }, { onSuccess: () => void switchLanguage(language) });

  const actions: SpotlightActionGroupData[] = [
    {
      group: t('palette.pages'),
      actions: allPlacesOf(me).map((place) => ({
        id: place.to,
        label: t(place.text),
        leftSection: <place.icon {...icon} />,
        onClick: () => void navigate(place.to),
      })),
    },
    {
      group: t('palette.sessions'),
      actions: rowsOf(sessions.data)
        .filter((session) => !isOver(session.phase))
        .slice(0, 30)
        .map((session) => ({
          id: session.id,
          label: session.name,
          keywords: [session.template.display_name, ...session.tags],
          leftSection: <TemplateIcon url={session.template.icon_url} size={20} />,
          rightSection: <StateDot phase={session.phase} size="small" />,
          onClick: () => void navigate(viewerPath(session.id)),
        })),
    },
    {
      group: t('palette.launch'),
      actions: (templates.data ?? []).filter(bestRuntime).map((template) => ({
        id: `launch-${template.name}`,
        label: t('palette.launchOne', { name: template.display_name }),
        keywords: [template.category, ...template.tags],
        leftSection: <TemplateIcon url={template.icon_url} size={20} />,
        onClick: () => launch.mutate({ template: template.name }, { onError: toastProblem }),
      })),
    },
    {
      group: t('palette.actions'),
      actions: [
        { id: 'light', label: t('palette.theme.light'), leftSection: <IconSun {...icon} />, onClick: () => paint('light') },
        { id: 'dark', label: t('palette.theme.dark'), leftSection: <IconMoon {...icon} />, onClick: () => paint('dark') },
        { id: 'system', label: t('palette.theme.system'), leftSection: <IconSunMoon {...icon} />, onClick: () => paint('system') },
        ...(Object.entries(languages) as [Language, string][]).map(([code, name]) => ({
          id: `language-${code}`,
          label: t('palette.language', { name }),
          leftSection: <IconLanguage {...icon} />,
          onClick: () => speak(code),
        })),
        { id: 'keys', label: t('nav.shortcuts'), leftSection: <IconKeyboard {...icon} />, onClick: onHelp },
        { id: 'sign-out', label: t('nav.signOut'), leftSection: <IconLogout {...icon} />, onClick: signOut },
      ],
    },
  ];

  return (
    <Spotlight store={store} actions={actions.filter((group) => group.actions.length > 0)} shortcut={null} highlightQuery scrollable maxHeight={440} nothingFound={t('palette.nothing')}
      searchProps={{ leftSection: <IconSearch size={20} stroke={1.6} />, placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }} />
  );
}
