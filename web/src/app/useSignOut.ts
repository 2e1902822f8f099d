import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, rememberCsrf } from '@/api/http';
import { forgetAllPictures } from '@/stream/pictures';

export function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return () => {
    // Signed out here whatever the server says; a refused logout means that the login was gone already.
    void api.POST('/api/v1/auth/logout', {}).catch(() => undefined).finally(() => {
      rememberCsrf(null);
      void navigate('/login', { replace: true });
      queries.clear();
      void forgetAllPictures();
    });
  };
}
