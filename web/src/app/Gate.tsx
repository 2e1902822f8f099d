import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { isProblem, onSignedOut, rememberCsrf } from '@/api/http';
import { t } from '@/i18n';
import { meQuery, setupQuery } from '@/model/me';
import { loginAddress } from '@/model/returnAddress';
import { ErrorView } from '@/ui/views';

/** Lets the signed-in through, sends the others to the login or, on a new server, to the set-up. */
export function Gate() {
  const me = useQuery(meQuery);
  const queries = useQueryClient();
  const location = useLocation();
  const [ended, setEnded] = useState(false);
  const signedOut = isProblem(me.error, 401);
  const setup = useQuery({ ...setupQuery, enabled: signedOut });

  useEffect(
    () =>
      onSignedOut(() => {
        rememberCsrf(null);
        // Without somebody there is nothing to end, and asking again would only bring the next 401.
        if (!queries.getQueryData(meQuery.queryKey)) return;
        setEnded(true);
        void queries.resetQueries({ queryKey: meQuery.queryKey });
      }),
    [queries],
  );

  if (signedOut) {
    if (setup.isPending) return <Opening />;
    if (setup.data?.needed) return <Navigate to="/setup" replace />;
    return <Navigate to={loginAddress(location.pathname + location.search, ended ? 'ended' : undefined)} replace />;
  }
  if (me.data) return <Outlet />;
  if (me.isError) return <ErrorView error={me.error} retry={() => void me.refetch()} />;
  return <Opening />;
}

export function Opening() {
  return (
    <Center component="main" h="100dvh" aria-busy="true">
      <h1 className="visually-hidden">{t('app.starting')}</h1>
      <Loader aria-hidden />
    </Center>
  );
}
