// The offline shell: pages and hashed files of the last visit open without the server; the API is never touched, because
// an old answer about a session would be worse than none.
const cacheName = 'streamspace-shell-1';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.add('/')).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (/^\/(api|health|metrics|\.well-known)(\/|$)/.test(url.pathname)) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (/^\/(assets|icons)\/|^\/theme\.js$|^\/manifest/.test(url.pathname)) event.respondWith(file(event.request));
});

async function page(request) {
  const cache = await caches.open(cacheName);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put('/', answer.clone());
    return answer;
  } catch (unreachable) {
    const shell = await cache.match('/');
    if (shell) return shell;
    throw unreachable;
  }
}

// Hashed files never change under their name, so the copy is as good as the original.
async function file(request) {
  const cache = await caches.open(cacheName);
  const hashed = new URL(request.url).pathname.startsWith('/assets/');
  const copy = await cache.match(request);
  if (copy && hashed) return copy;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (unreachable) {
    if (copy) return copy;
    throw unreachable;
  }
}
