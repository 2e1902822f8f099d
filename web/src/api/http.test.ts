// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { authorizedFetch, csrfToken, onSignedOut, rememberCsrf } from './http';

const json = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const request = (path: string, init?: RequestInit) => new Request(new URL(path, 'http://localhost'), init);

describe('a request', () => {
  beforeEach(() => rememberCsrf('token-1'));

  test('says who asks, and carries the anti-forgery token only when it writes', async () => {
    const seen: Request[] = [];
    vi.stubGlobal('fetch', async (r: Request) => (seen.push(r), json(200)));
    await authorizedFetch(request('/api/v1/sessions'));
    await authorizedFetch(request('/api/v1/sessions', { method: 'POST', body: '{}' }));
    expect(seen.map((r) => r.headers.get('X-StreamSpace-Client'))).toEqual(['web', 'web']);
    expect(seen.map((r) => r.headers.get('X-CSRF-Token'))).toEqual([null, 'token-1']);
  });

  test('whose login ran out is tried again after one refresh, and many share that refresh', async () => {
    let fresh = false;
    let refreshes = 0;
    vi.stubGlobal('fetch', async (r: Request) => {
      if (r.url.endsWith('/auth/refresh')) {
        refreshes++;
        await new Promise((done) => setTimeout(done, 5));
        fresh = true;
        return json(200, { csrf_token: 'token-2' });
      }
      return fresh ? json(200, { body: await r.text() }) : json(401);
    });
    const answers = await Promise.all([1, 2, 3].map((n) => authorizedFetch(request('/api/v1/sessions', { method: 'POST', body: `${n}` }))));
    expect(refreshes).toBe(1);
    expect(await Promise.all(answers.map((a) => a.json()))).toEqual([{ body: '1' }, { body: '2' }, { body: '3' }]);
    expect(csrfToken('')).toBe('token-2');
  });

  test('whose login is gone for good tells the page and answers 401', async () => {
    vi.stubGlobal('fetch', async () => json(401));
    const gone = vi.fn();
    const stop = onSignedOut(gone);
    expect((await authorizedFetch(request('/api/v1/sessions'))).status).toBe(401);
    expect(gone).toHaveBeenCalledOnce();
    stop();
  });

  test('that finds no server becomes a problem with status 0', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(authorizedFetch(request('/api/v1/sessions'))).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' });
  });
});

test('the anti-forgery token is found in the cookie, with and without the prefix of https', () => {
  expect(csrfToken('a=1; ss_csrf=abc%3D; b=2')).toBe('abc=');
  expect(csrfToken('__Host-ss_csrf=xyz')).toBe('xyz');
  expect(csrfToken('not_ss_csrf=no')).not.toBe('no');
});
