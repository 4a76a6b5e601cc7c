// The service worker: keeps the page's own files, all of one version, so that it opens without signal.
// It never touches what the page takes along or sends.
"use strict";
const facts = {{ facts|safe }};
const PREFIX = "prongsai-field-";
const CACHE = PREFIX + facts.version;

self.addEventListener("install", (event) => {
  const fresh = facts.files.map((file) => new Request(file, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith(PREFIX) && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

// The page asks when its reader agrees to the new version; until then the old one goes on.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (!facts.files.includes(address.pathname)) return;
  event.respondWith(
    caches.open(CACHE)
      .then((cache) => cache.match(address.pathname))
      .then((kept) => kept || fetch(event.request)),
  );
});
