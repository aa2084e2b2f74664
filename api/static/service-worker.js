// Lets the people who go to customers work without a network: their open tasks are kept on the phone as copies of the
// pages, and a completion that cannot be sent goes into the outbox. Copies belong to one person and go with the sign-in.

import { drop, fact, get, know, put } from "/static/outbox.js";

const ASSETS = "assets";
const COPIES = "copies:";
const SHELL = "/outbox";
const PATIENCE = 5000;
const PATIENCE_WITH_FORM = 30_000;
const FRESH = 10 * 60 * 1000;
const ANSWERED = [409, 422];
const AWAY = [502, 503, 504];
const SOON = 60 * 1000;
let generation = 0;
let refreshed = 0;
const stale = new Set(); // copies that may lack a draft, until they are made anew

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Removes every copy, whoever it belongs to. */
async function forget() {
  generation += 1;
  refreshed = 0;
  await know("me", null);
  for (const name of await caches.keys()) if (name.startsWith(COPIES)) await caches.delete(name);
}

/** Copies are of one person: whoever else signs in finds none. */
async function belongTo(user) {
  const me = await fact("me");
  if (me?.user !== user) {
    await forget();
    await know("me", { user, kept: me?.kept ?? 0 });
  }
}

/** A page as it is kept: with its own headers, marked with the phone's time so that its clocks run on. */
async function copyOf(answer) {
  const at = String(Date.now());
  const text = (await answer.text()).replace("<html ", `<html data-copy="${at}" `);
  const headers = new Headers(answer.headers);
  headers.set("Copied-At", at);
  return new Response(text, { headers });
}

const isPage = (answer) =>
  answer.ok && !answer.redirected && (answer.headers.get("Content-Type") ?? "").startsWith("text/html");

/** Puts a copy, unless the one that is there was made later: answers overtake each other on a slow line. */
async function settle(cache, path, copy) {
  const made = (one) => Date.parse(one?.headers.get("Date") ?? "") || 0;
  if (made(await cache.match(path)) <= made(copy)) await cache.put(path, copy);
}

async function keep(cache, path, began) {
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  if (!isPage(answer)) return cache.delete(path);
  const copy = await copyOf(answer);
  const pictures = (await copy.clone().text()).match(/\/api\/v1\/attachments\/[^"\s]+\/small/g) ?? [];
  for (const one of new Set(pictures)) {
    if (await cache.match(one)) continue;
    const picture = await fetch(one);
    if (picture.ok && began === generation) await cache.put(one, picture);
  }
  if (began === generation) await settle(cache, path, copy);
  stale.delete(path);
}

/** Makes the copy of a page anew, since a draft was saved on it. */
async function renew(path) {
  const me = await fact("me");
  if (!me || !(await copyFor(path))) return;
  stale.add(path);
  await keep(await caches.open(COPIES + me.user), path, generation);
}

/** Brings the copies up to the server's list: new pages first come, old ones are renewed, others go. */
async function refresh(soon) {
  if (!soon && Date.now() - refreshed < SOON) return;
  refreshed = Date.now();
  const before = generation;
  const answer = await fetch("/offline.json", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const list = await answer.json();
  if (before !== generation) return; // somebody signed out meanwhile
  await belongTo(list.user);
  const now = generation;
  await know("me", { user: list.user, kept: list.kept });
  const assets = await caches.open(ASSETS);
  for (const one of list.assets) if (!(await assets.match(one)) || !one.includes("?")) await assets.add(one);
  for (const one of await assets.keys()) {
    const { pathname, search } = new URL(one.url);
    if (!list.assets.includes(pathname + search)) await assets.delete(one);
  }
  const cache = await caches.open(COPIES + list.user);
  for (const path of list.pages) {
    const copy = await cache.match(path);
    if (copy && !stale.has(path) && Date.now() - Number(copy.headers.get("Copied-At")) < FRESH) continue;
    if (now === generation) await keep(cache, path, now);
  }
  for (const one of await cache.keys()) {
    const { pathname } = new URL(one.url);
    if (!pathname.startsWith("/api/") && !list.pages.includes(pathname)) await cache.delete(one);
  }
}

/** The copy of a page of whoever is signed in, while it is not too old; undefined when there is none. */
async function copyFor(path) {
  const me = await fact("me");
  if (!me) return undefined;
  const found = await (await caches.open(COPIES + me.user)).match(path);
  if (!found || Date.now() - Number(found.headers.get("Copied-At")) > me.kept) return undefined;
  return found;
}

/** Asks the network, for so long; an answer that has begun may take its time. */
async function limited(request, patience) {
  if (!patience) return fetch(request);
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), patience);
  try {
    return await fetch(request, { signal: ends.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function visited(request, url) {
  const copy = await copyFor(url.pathname);
  let answer;
  try {
    answer = await limited(request, copy ? PATIENCE : 0);
  } catch {
    return copy ?? (await copyFor(SHELL)) ?? Response.error();
  }
  if (answer.type === "opaqueredirect") return answer;
  if (copy && AWAY.includes(answer.status)) return copy;
  if (isPage(answer)) {
    const user = answer.headers.get("Signed-In-As");
    if (user) await belongTo(user);
    else if (url.pathname === "/sign-in") await forget();
    if (user && copy && !url.search) {
      const mine = await caches.open(COPIES + user);
      await settle(mine, url.pathname, await copyOf(answer.clone()));
    }
  }
  return answer;
}

/** A completion: sent as always; when no answer comes it waits in the outbox, where the page has put it before. */
async function completed(request, id) {
  let answer;
  try {
    answer = await limited(request, PATIENCE_WITH_FORM);
  } catch {
    answer = null;
  }
  const entry = await get(id);
  if (!entry) return answer ?? Response.error();
  if (answer && (answer.type === "opaqueredirect" || ANSWERED.includes(answer.status))) {
    await drop(id); // taken, or on a page that shows why not and keeps what was typed
    return answer;
  }
  await put({ ...entry, state: "waiting" });
  return Response.redirect(`${SHELL}?kept=${encodeURIComponent(id)}`, 303);
}

async function changedSignIn(request) {
  await forget();
  return fetch(request);
}

async function asset(request, url) {
  const assets = await caches.open(ASSETS);
  if (url.search) {
    const known = await assets.match(request);
    if (known) return known;
  }
  try {
    return await fetch(request);
  } catch (away) {
    const known = await assets.match(request, { ignoreSearch: true });
    if (known) return known;
    throw away;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "POST") {
    const id = url.searchParams.get("outbox");
    if (id && /^\/tasks\/[^/]+\/complete$/.test(url.pathname)) event.respondWith(completed(request, id));
    else if (["/sign-in", "/sign-out"].includes(url.pathname)) event.respondWith(changedSignIn(request));
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(visited(request, url));
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(asset(request, url));
  } else if (request.method === "GET" && /^\/api\/v1\/attachments\/[^/]+\/small$/.test(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await copyFor(url.pathname)) ?? Response.error()));
  }
});

self.addEventListener("message", (event) => {
  if (event.data?.renew) event.waitUntil(renew(event.data.renew).catch(() => undefined));
  if (!["refresh", "refresh now"].includes(event.data)) return;
  event.waitUntil(refresh(event.data === "refresh now").catch(() => undefined)); // without a network the copies stay
});
