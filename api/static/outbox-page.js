// The page of the outbox: what was completed without a network, what became of it, and which tasks are on this phone.

import { count, deliver } from "./delivery.js";
import { drop, entriesOf, fact, put } from "./outbox.js";
import { who } from "./sending.js";

const problem = document.querySelector("[data-problem]");
const list = document.querySelector("[data-entries]");
const { user } = document.documentElement.dataset;
const language = document.documentElement.lang.replace(/^en$/, "en-GB");
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

const piece = (name) => document.querySelector(`template[data-piece="${name}"]`).content.firstElementChild.cloneNode(true);

function fill(element, values) {
  for (const place of element.querySelectorAll("[data-slot]")) place.textContent = values[place.dataset.slot] ?? "";
  return element;
}

/** A photo that waits, drawn small: its bytes are on this phone alone. */
async function photo(file) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 104, height: 84 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", file.name);
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.max(104 / picture.width, 84 / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (104 - width) / 2, (84 - height) / 2, width, height);
  } catch {
    return document.createTextNode(file.name);
  }
  return canvas;
}

async function asInformation(entry) {
  const me = await who();
  const said = entry.told.map(([title, text]) => `${title}: ${text}`).join("\n");
  const kept = entry.fields.filter(([name]) => name.endsWith(".kept")).map(([, id]) => id);
  const attachments = [...new Set([...kept, ...entry.files.map((one) => one.id).filter(Boolean)])];
  const caseId = entry.path.slice("/tasks/".length).split(".")[0];
  const answer = await fetch(`/api/v1/cases/${caseId}/signals/add_information`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF": me.csrf },
    body: JSON.stringify({ id: entry.id, text: `${entry.title}\n${said}`.slice(0, 4000), attachments }),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  await drop(entry.id);
}

async function shown(entry) {
  const state = entry.state === "handed" ? "waiting" : entry.state;
  const line = fill(piece(state), { title: entry.title, about: entry.about, entered: moment.format(entry.entered) });
  for (const link of line.querySelectorAll("[data-task]")) link.href = entry.path;
  for (const link of line.querySelectorAll("[data-change]")) link.href = `${entry.path}?entry=${encodeURIComponent(entry.id)}`;
  const answers = line.querySelector("[data-told]");
  for (const [title, text] of entry.told) {
    answers?.append(
      Object.assign(document.createElement("dt"), { textContent: title }),
      Object.assign(document.createElement("dd"), { textContent: text, className: "prose" }),
    );
  }
  const photos = line.querySelector("[data-photos]");
  for (const one of photos ? entry.files : []) {
    const item = document.createElement("li");
    item.append(await photo(one.file));
    photos.append(item);
  }
  if (state === "stuck") {
    const { text, errors, open } = entry.answer;
    line.querySelector("[data-why]").textContent = text;
    for (const { field, text: wrong } of errors) {
      line.querySelector("[data-errors]").append(Object.assign(document.createElement("li"), { textContent: field ? `${field}: ${wrong}` : wrong }));
    }
    for (const one of line.querySelectorAll("[data-when-open]")) one.hidden = !open;
    for (const one of line.querySelectorAll("[data-when-over]")) one.hidden = open;
  }
  const does = (name, work) =>
    line.querySelector(`[data-do="${name}"]`)?.addEventListener("click", async (event) => {
      event.target.disabled = true;
      problem.hidden = true;
      try {
        await work();
        await show();
        await count();
      } catch (failed) {
        event.target.disabled = false;
        problem.textContent = failed.message;
        problem.hidden = false;
      }
    });
  does("again", async () => {
    await put({ ...entry, state: "waiting" });
    if (!(await deliver())) throw new Error(problem.dataset.away);
  });
  does("information", () => asInformation(entry));
  line.querySelector("[data-sure]")?.addEventListener("click", async () => {
    await drop(entry.id);
    await deliver();
  });
  return line;
}

async function show() {
  const entries = await entriesOf(user);
  list.replaceChildren(...(await Promise.all(entries.map(shown))));
  document.querySelector("[data-nothing]").hidden = entries.length > 0;
}

/** The tasks that can be worked on without a network: the copies on this phone. */
async function here() {
  const me = await fact("me");
  if (me?.user !== user) return;
  const cache = await caches.open(`copies:${user}`);
  const lines = [];
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!pathname.startsWith("/tasks/")) continue;
    const page = new DOMParser().parseFromString(await (await cache.match(url)).text(), "text/html");
    const line = fill(piece("task"), {
      title: page.querySelector("h1")?.textContent,
      about: page.querySelector(".crumb")?.textContent.replace(/\s+/g, " ").trim(),
      due: page.querySelector("[data-due-words]")?.textContent.trim(),
    });
    line.querySelector("a").href = pathname;
    lines.push(line);
  }
  document.querySelector("[data-copies]").replaceChildren(...lines);
  document.querySelector("[data-no-copies]").hidden = lines.length > 0;
}

addEventListener("outbox", show);
const wanted = document.documentElement.dataset.copy && location.pathname !== "/outbox";
document.querySelector("[data-not-here]").hidden = !wanted;
await show();
await here();
setTimeout(here, 3000);
