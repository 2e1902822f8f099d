import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { BrowserRouter } from 'react-router';
import { makeQueryClient } from '@/api/queryClient';
import { useLanguage } from '@/i18n';
import { colorSchemeManager } from '@/ui/colorScheme';
import { cssVariables, theme } from '@/ui/theme';
import { CrashGuard } from './CrashGuard';
import { AppRoutes } from './routes';

export function App() {
  const [queries] = useState(makeQueryClient);
  // A change of language draws everything again; pages read texts while they render.
  const language = useLanguage();
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <CrashGuard>
            <BrowserRouter>
              <AppRoutes key={language} />
            </BrowserRouter>
          </CrashGuard>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
