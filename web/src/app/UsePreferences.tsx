import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isLanguage, language, switchLanguage } from '@/i18n';
import { preferencesQuery } from '@/model/preferences';

/** The theme and the language follow the person to every browser they sign in with. */
export function UsePreferences() {
  const { data } = useQuery(preferencesQuery);
  const { setColorScheme } = useMantineColorScheme();
  const theme = data?.theme;
  const wanted = data?.language;

  useEffect(() => {
    if (theme) setColorScheme(theme === 'light' || theme === 'dark' ? theme : 'auto');
    // The setter is new at each render; the choice alone decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme]);

  useEffect(() => {
    if (isLanguage(wanted) && wanted !== language()) void switchLanguage(wanted);
  }, [wanted]);

  return null;
}
