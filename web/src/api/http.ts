import createClient from 'openapi-fetch';
import { Problem, problemFrom, unreachable } from './problem';
import type { paths } from './schema.gen';

let csrfFromAnswer: string | null = null;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

/** The anti-forgery token: the readable cookie is the truth, the answer of the login fills in where cookies are hidden. */
export function csrfToken(cookies: string = document.cookie): string | null {
  const found = /(?:^|;\s*)(?:__Host-)?ss_csrf=([^;]+)/.exec(cookies)?.[1];
  return found ? decodeURIComponent(found) : csrfFromAnswer;
}

export function rememberCsrf(token: string | null | undefined): void {
  csrfFromAnswer = token ?? null;
}

/** Called once when the login is gone for good (the refresh was refused). */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function prepared(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set('X-StreamSpace-Client', 'web');
  headers.set('Accept', 'application/json, application/problem+json');
  const token = csrfToken();
  if (token && request.method !== 'GET' && request.method !== 'HEAD') headers.set('X-CSRF-Token', token);
  return new Request(request, { headers });
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(prepared(request));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
}

/** Asks for a new access cookie; many callers at once share one request, because a refresh token works only once. */
export function refreshLogin(): Promise<boolean> {
  refreshing ??= send(
    new Request(new URL('/api/v1/auth/refresh', location.origin), { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }),
  )
    .then(async (response) => {
      if (!response.ok) return false;
      const body = (await response.json().catch(() => null)) as { csrf_token?: string | null } | null;
      rememberCsrf(body?.csrf_token ?? csrfFromAnswer);
      return true;
    })
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

const aboutLogin = /\/api\/v1\/auth\/(login|refresh|setup)$/;

/** fetch with our headers; a 401 is answered by one refresh and one more try. */
export async function authorizedFetch(request: Request): Promise<Response> {
  // A body can be read once, so the second try needs its own copy.
  const again = request.clone();
  const response = await send(request);
  if (response.status !== 401 || aboutLogin.test(new URL(request.url).pathname)) return response;
  if (await refreshLogin()) return send(again);
  listeners.forEach((listener) => listener());
  return response;
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: authorizedFetch,
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; a bad one is thrown as a Problem, so that queries and mutations have one kind of error. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemFrom(response, error);
  return data as T;
}

/** For what is not JSON: logs as text, exports as files. */
export async function raw(path: string, init?: RequestInit): Promise<Response> {
  const response = await authorizedFetch(new Request(new URL(path, location.origin), init));
  if (!response.ok) throw problemFrom(response, await response.json().catch(() => null));
  return response;
}

/** A retry of the same launch must not launch twice; outside a secure context there is no randomUUID. */
export function idempotencyKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

export const isProblem = (error: unknown, status?: number): error is Problem =>
  error instanceof Problem && (status === undefined || error.status === status);
