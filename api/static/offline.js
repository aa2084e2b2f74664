// For the people who go to customers: keeps copies of their open tasks on the phone, hands a completion over to the
// outbox before it is sent, and says how many wait.

import { count, deliver } from "./delivery.js";
import { now } from "./moment.js";
import { drop, entriesOf, get, put, waits } from "./outbox.js";
import { who } from "./sending.js";

const root = document.documentElement;
const { user, copy } = root.dataset;
const able = "serviceWorker" in navigator && "indexedDB" in window && "locks" in navigator;
const text = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** What a person reads of the form: the titles of its fields with what was entered. */
function told(form) {
  const found = [];
  for (const field of form.querySelectorAll(".field")) {
    if (field.hidden) continue;
    const title = text(field.querySelector("legend, label:not(.choice, .camera)")?.firstChild);
    const said = [...field.querySelectorAll("input, textarea, select")].flatMap((one) => {
      if (one.disabled || one.type === "hidden") return [];
      if (one.type === "file") return [...one.files].map((file) => file.name);
      if (one.type === "radio" || one.type === "checkbox") return one.checked ? [text(one.closest("label").querySelector("b") ?? one.closest("label"))] : [];
      if (!one.value.trim()) return [];
      if (one.tagName !== "SELECT") return [one.value.trim()];
      return one.closest("tr") || !one.selectedIndex ? [] : [text(one.selectedOptions[0])];
    });
    if (said.length) found.push([title, said.join("\n")]);
  }
  return found;
}

function entryOf(form, id) {
  const typed = [...new FormData(form)];
  const files = typed
    .filter(([, value]) => value instanceof File && value.size)
    .map(([name, file]) => ({ field: name.replace(/(\.camera)?\.files$/, ""), name: file.name, file }));
  return {
    id,
    user,
    path: form.dataset.outbox,
    title: text(document.querySelector("h1")),
    about: text(document.querySelector(".crumb")),
    fields: typed.filter(([, value]) => typeof value === "string"),
    files,
    told: told(form),
    entered: Date.now(),
    happened: new Date(now()).toISOString(),
    state: "handed",
  };
}

/** The browser sends the form as always; the outbox holds it until the server has answered. */
async function hand(form) {
  const secret = form.elements.csrf;
  const number = form.elements.submission_id;
  if (copy || form.dataset.again) number.value = crypto.randomUUID(); // not the one of an earlier entry of this copy
  if (copy) secret.value = (await who(3000).catch(() => null))?.csrf ?? secret.value;
  try {
    await put(entryOf(form, number.value));
    if (form.dataset.again) await drop(form.dataset.again);
    form.action = `${form.dataset.outbox}/complete?outbox=${encodeURIComponent(number.value)}`;
  } catch {
    // a phone without room: the form goes as it would without an outbox
  }
  form.submit();
}

const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

/** Puts an entry that was not taken, or is to be changed, back into its form. */
function restore(form, entry) {
  const said = new Map();
  for (const [name, value] of entry.fields) said.set(name, [...(said.get(name) ?? []), value]);
  for (const one of form.elements) {
    if (!one.name || one.type === "hidden" || one.type === "file" || one.tagName === "BUTTON") continue;
    if (one.type === "radio" || one.type === "checkbox") one.checked = (said.get(one.name) ?? []).includes(one.value);
    else one.value = said.get(one.name)?.[0] ?? "";
  }
  for (const { field, file } of entry.files) {
    const input = form.elements[`${field}.files`];
    input?.dispatchEvent(new CustomEvent("attach", { detail: [file] }));
  }
  for (const [name, value] of entry.fields) {
    const kept = name.endsWith(".kept") && ![...form.elements].some((one) => one.name === name && one.value === value);
    if (!kept) continue;
    const called = said.get(`name.${value}`)?.[0] ?? value;
    form.append(hidden(name, value), hidden(`name.${value}`, called));
  }
  form.dataset.again = entry.id;
  form.dispatchEvent(new Event("change"));
}

/** A task that was completed on this phone and not sent yet is not asked for a second time. */
async function greet(form) {
  const wanted = new URLSearchParams(location.search).get("entry");
  const entry = wanted
    ? await get(wanted)
    : (await entriesOf(user)).find((one) => one.path === form.dataset.outbox && one.state !== "sent");
  if (!entry || entry.user !== user) return;
  if (wanted) return restore(form, entry);
  const note = document.querySelector("[data-waiting]");
  note.querySelector("a").href = `${entry.path}?entry=${encodeURIComponent(entry.id)}`;
  note.hidden = false;
  form.hidden = true;
}

function network() {
  const cut = !navigator.onLine;
  for (const note of document.querySelectorAll("[data-no-network]")) note.hidden = !cut;
  const old = copy && !cut && location.pathname !== "/outbox";
  for (const note of document.querySelectorAll("[data-old-copy]")) note.hidden = !old;
}

/** A copy bears the secret of the sign-in it was made under; there may be a newer one. */
async function renew() {
  const me = await who().catch(() => null);
  if (me?.user !== user) return;
  for (const secret of document.querySelectorAll('input[name="csrf"]')) secret.value = me.csrf;
}

async function begin() {
  network();
  if (copy) {
    renew();
    addEventListener("online", renew);
  }
  addEventListener("online", network);
  addEventListener("offline", network);
  const worker = await navigator.serviceWorker.register("/service-worker.js", { type: "module", updateViaCache: "none" });
  addEventListener("online", deliver);
  for (const form of document.querySelectorAll("form[data-outbox]")) {
    await greet(form);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return;
      if (!navigator.serviceWorker.controller) return;
      event.preventDefault();
      hand(form);
    });
  }
  for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sure) return;
      event.preventDefault();
      if ((await count()).length && !confirm(form.dataset.unsent)) return;
      form.dataset.sure = "yes";
      form.submit();
    });
  }
  if ((await count()).length) await deliver();
  await navigator.serviceWorker.ready;
  const tell = (what) => (worker.active ?? navigator.serviceWorker.controller)?.postMessage(what);
  tell(location.search ? "refresh now" : "refresh");
  addEventListener("outbox", () => tell("refresh now")); // what was sent is no open task any more
  setInterval(async () => {
    if ((await count()).some(waits)) await deliver();
  }, 30_000);
}

if (user && able && root.dataset.offline !== undefined) begin();
