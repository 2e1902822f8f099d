import { Suspense } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router';
import { LoginPage } from '@/features/identity/pages/LoginPage';
import { viewerPath } from '@/model/launch';
import { permissions } from '@/model/me';
import { Gate, Opening } from './Gate';
import { lazyPage } from './lazyPage';
import { Needs } from './Needs';

// One chunk per page; the login is part of the first load because it is what a new visitor sees.
const SetupPage = lazyPage(() => import('@/features/identity/pages/SetupPage').then((m) => m.SetupPage));
const SignedIn = lazyPage(() => import('./SignedIn').then((m) => m.SignedIn));
const UserShell = lazyPage(() => import('./UserShell').then((m) => m.UserShell));
const HomePage = lazyPage(() => import('./home/HomePage').then((m) => m.HomePage));
const CataloguePage = lazyPage(() => import('@/features/templates/pages/CataloguePage').then((m) => m.CataloguePage));
const SessionsPage = lazyPage(() => import('@/features/sessions/pages/SessionsPage').then((m) => m.SessionsPage));
const SessionPage = lazyPage(() => import('@/features/sessions/pages/SessionPage').then((m) => m.SessionPage));
const SharedPage = lazyPage(() => import('@/features/sharing/pages/SharedPage').then((m) => m.SharedPage));
const ViewerPage = lazyPage(() => import('@/features/streaming/pages/ViewerPage').then((m) => m.ViewerPage));
const RecordingsPage = lazyPage(() => import('@/features/recordings/pages/RecordingsPage').then((m) => m.RecordingsPage));
const PlayerPage = lazyPage(() => import('@/features/recordings/pages/PlayerPage').then((m) => m.PlayerPage));
const PreferencesPage = lazyPage(() => import('@/features/identity/pages/PreferencesPage').then((m) => m.PreferencesPage));
const LoginsPage = lazyPage(() => import('@/features/identity/pages/LoginsPage').then((m) => m.LoginsPage));
const UsersPage = lazyPage(() => import('@/features/identity/pages/UsersPage').then((m) => m.UsersPage));
const TeamsPage = lazyPage(() => import('@/features/teams/pages/TeamsPage').then((m) => m.TeamsPage));
const AuditPage = lazyPage(() => import('@/features/audit/pages/AuditPage').then((m) => m.AuditPage));
const ApprovalsPage = lazyPage(() => import('@/features/dlp/pages/ApprovalsPage').then((m) => m.ApprovalsPage));
const ProtectionPage = lazyPage(() => import('@/features/dlp/pages/ProtectionPage').then((m) => m.ProtectionPage));
const SystemPage = lazyPage(() => import('@/features/system/pages/SystemPage').then((m) => m.SystemPage));
const NotFound = lazyPage(() => import('./NotFound').then((m) => m.NotFound));

export function AppRoutes() {
  return (
    <Suspense fallback={<Opening />}>
      <Routes>
        <Route path="/login" element={<LoginPage />} />
        <Route path="/setup" element={<SetupPage />} />
        <Route element={<Gate />}>
          <Route element={<SignedIn />}>
            <Route path="/sessions/:id/view" element={<ViewerPage />} />
            <Route path="/view/:id" element={<ShortViewer />} />
            <Route element={<UserShell />}>
              <Route index element={<HomePage />} />
              <Route path="/catalogue" element={<CataloguePage />} />
              <Route path="/catalogue/:name" element={<CataloguePage />} />
              <Route path="/sessions" element={<SessionsPage />} />
              <Route path="/sessions/:id" element={<SessionPage />} />
              <Route path="/shared" element={<SharedPage />} />
              <Route path="/recordings" element={<RecordingsPage />} />
              <Route path="/recordings/:id" element={<PlayerPage />} />
              <Route path="/preferences" element={<PreferencesPage />} />
              <Route path="/logins" element={<LoginsPage />} />
              <Route path="/admin" element={<Navigate to="/admin/system" replace />} />
              <Route path="/admin/users" element={<Needs permission={permissions.users}><UsersPage /></Needs>} />
              <Route path="/admin/users/:id" element={<Needs permission={permissions.users}><UsersPage /></Needs>} />
              <Route path="/admin/teams" element={<Needs permission={permissions.teams}><TeamsPage /></Needs>} />
              <Route path="/admin/teams/:id" element={<Needs permission={permissions.teams}><TeamsPage /></Needs>} />
              <Route path="/admin/sessions" element={<Needs permission={permissions.allSessions}><SessionsPage key="all" all /></Needs>} />
              <Route path="/admin/recordings" element={<Needs permission={permissions.allRecordings}><RecordingsPage key="all" all /></Needs>} />
              <Route path="/admin/audit" element={<Needs permission={permissions.audit}><AuditPage /></Needs>} />
              <Route path="/admin/approvals" element={<Needs permission={[permissions.approvals, permissions.protection]}><ApprovalsPage /></Needs>} />
              <Route path="/admin/protection" element={<Needs permission={permissions.protection}><ProtectionPage /></Needs>} />
              <Route path="/admin/system" element={<Needs permission={permissions.system}><SystemPage /></Needs>} />
              <Route path="*" element={<NotFound />} />
            </Route>
          </Route>
        </Route>
      </Routes>
    </Suspense>
  );
}

/** The short address of a viewer, for links that people type. */
function ShortViewer() {
  const { id = '' } = useParams();
  return <Navigate to={viewerPath(id)} replace />;
}
