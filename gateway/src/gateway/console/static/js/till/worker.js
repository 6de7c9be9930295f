// Keeps the till's page on the tablet, so that it opens without a network. `self.SHELL` stands in front of this file:
// the version of the build and the addresses that the page is made of.
const { version, files, page } = self.SHELL;
const CACHE = `funia-till-${version}`;
const PATIENCE_MS = 3_000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([page, ...files].map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((one) => one.startsWith("funia-till-") && one !== CACHE).map((one) => caches.delete(one))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === page) event.respondWith(newest(event));
  else if (files.some((one) => one.split("?")[0] === address.pathname)) event.respondWith(kept(request));
});

// The page from the server where it answers soon, else as it was last.
async function newest(event) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok && !response.redirected) {
      event.waitUntil(cache.put(page, response.clone()));
      return response;
    }
    if (response.status < 500) return response;
  } catch {
    // No network: below.
  }
  return (await cache.match(page, { ignoreVary: true })) ?? Response.error();
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}
