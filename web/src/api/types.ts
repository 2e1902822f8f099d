// Names for the shapes of the generated document. They are taken by path, not by schema name, so that renaming a class on
// the server does not touch the pages.
import type { paths } from './schema.gen';

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Method<P extends keyof paths, M extends keyof paths[P]> = paths[P][M];
type Responses<T> = T extends { responses: infer R } ? R : never;
type Success<R> = R extends { 200: infer A } ? Json<A> : R extends { 201: infer A } ? Json<A> : never;
type Answer<P extends keyof paths, M extends keyof paths[P]> = Success<Responses<Method<P, M>>>;
type Body<P extends keyof paths, M extends keyof paths[P]> = Method<P, M> extends { requestBody: infer B } ? Json<B> : never;
type Item<T> = T extends { items: (infer I)[] } ? I : never;

export type Me = Answer<'/api/v1/auth/me', 'get'>;
export type SetupState = Answer<'/api/v1/auth/setup', 'get'>;
export type SetupRequest = Body<'/api/v1/auth/setup', 'post'>;
export type LoginAnswer = Answer<'/api/v1/auth/login', 'post'>;
export type User = Me['user'];
export type Login = Item<Answer<'/api/v1/auth/logins', 'get'>>;
export type Preferences = Answer<'/api/v1/me/preferences', 'get'>;
export type PreferencesChange = Body<'/api/v1/me/preferences', 'patch'>;

export type Session = Answer<'/api/v1/sessions/{id}', 'get'>;
export type SessionPage = Answer<'/api/v1/sessions', 'get'>;
export type Phase = Session['phase'];
export type Progress = NonNullable<Session['progress']>;
export type LaunchRequest = Body<'/api/v1/sessions', 'post'>;
export type SessionChange = Body<'/api/v1/sessions/{id}', 'patch'>;
export type Idle = Answer<'/api/v1/sessions/{id}/idle', 'get'>;
export type Usage = Answer<'/api/v1/sessions/{id}/usage', 'get'>;
export type Activity = Item<Answer<'/api/v1/sessions/{id}/activity', 'get'>>;
export type TimelineEntry = Item<Answer<'/api/v1/sessions/{id}/activity/timeline', 'get'>>;
export type Process = Item<Answer<'/api/v1/sessions/{id}/processes', 'get'>>;
export type Viewer = Item<Answer<'/api/v1/sessions/{session}/viewers', 'get'>>;
export type Share = Item<Answer<'/api/v1/sessions/{session}/shares', 'get'>>;
export type ShareRequest = Body<'/api/v1/sessions/{session}/share', 'post'>;
export type FileListing = Answer<'/api/v1/console/files/{session}', 'get'>;
export type FileRow = Item<FileListing>;
export type Ticket = Answer<'/api/v1/sessions/{session}/viewers', 'post'>;
export type Probe = Answer<'/api/v1/sessions/{session}/probe', 'post'>;

export type RecordingRow = Item<Answer<'/api/v1/recordings', 'get'>>;
export type RecordingSegment = Item<Answer<'/api/v1/recordings/{recording}/segments', 'get'>>;
export type RecordingPolicy = Item<Answer<'/api/v1/recording-policies', 'get'>>;
export type RecordingStore = Answer<'/api/v1/recordings/store', 'get'>;
export type RecordingExport = Answer<'/api/v1/recordings/{recording}/export', 'get'>;
export type RecordingAccess = Item<Answer<'/api/v1/recording-access-requests', 'get'>>;
export type RecordingLogLine = Item<Answer<'/api/v1/recordings/{recording}/access-log', 'get'>>;

export type Template = Item<Answer<'/api/v1/templates', 'get'>>;
export type TemplateRuntime = Template['runtimes'][number];
export type Category = Item<Answer<'/api/v1/templates/categories', 'get'>>;

export type LaunchRules = Answer<'/api/v1/launch-rules', 'get'>;
export type LaunchApproval = Item<Answer<'/api/v1/launch-approvals', 'get'>>;
export type DlpPolicy = Item<Answer<'/api/v1/dlp/policies', 'get'>>;
export type DlpPolicyRequest = Body<'/api/v1/dlp/policies', 'post'>;
export type DlpPreview = Answer<'/api/v1/dlp/policies/preview', 'post'>;
export type DlpViolation = Item<Answer<'/api/v1/dlp/violations', 'get'>>;

export type Account = Item<Answer<'/api/v1/users', 'get'>>;
export type Team = Item<Answer<'/api/v1/teams', 'get'>>;
export type TeamMember = Item<Answer<'/api/v1/teams/{team}/members', 'get'>>;
export type NewAccount = Body<'/api/v1/users', 'post'>;
export type AuditRow = Item<Answer<'/api/v1/audit', 'get'>>;
export type System = Answer<'/api/v1/system', 'get'>;
export type Runtime = Item<Answer<'/api/v1/runtimes', 'get'>>;
