// Keeps the pages' own files on the device, so that the member code opens without a connection. Answers of the API are never kept.
const NAME = "regulars-my";
const HOME = "/my/";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.add(HOME))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says which files it is made of; what belongs to an older build goes.
self.addEventListener("message", (event) => {
  const files = new Set(event.data.keep);
  event.waitUntil(
    caches.open(NAME).then(async (cache) => {
      const kept = await cache.keys();
      await Promise.all(
        kept.filter((one) => one.url.includes("/my/assets/") && !files.has(one.url)).map((one) => cache.delete(one)),
      );
      await Promise.all(
        [...files].map(async (file) => (await cache.match(file)) || cache.add(file).catch(() => undefined)),
      );
      event.source?.postMessage("kept");
    }),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (pathname.startsWith("/my/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

async function page(request) {
  try {
    const came = await fetch(request);
    if (came.ok) {
      const cache = await caches.open(NAME);
      await cache.put(HOME, came.clone());
    }
    return came;
  } catch (error) {
    const kept = await caches.match(HOME);
    if (kept) {
      return kept;
    }
    throw error;
  }
}
