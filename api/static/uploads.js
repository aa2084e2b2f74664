// Sends large files in parts while the form is being filled in: a video survives a line that breaks, and a closed tab.
// Without this script files go with the form, whole.

const ADDRESS = "/api/v1/attachments/resumable";
const LARGE = 2 * 1024 * 1024;
const PART = 4 * 1024 * 1024;
const LONGEST_PAUSE = 30_000;
const pending = new Set();

class Refused extends Error {}

/** Waits a while, or less when the line is back. */
const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

/** One request; an answer that says "later", and none at all, are the same: the line is broken for now. */
async function ask(method, address, csrf, headers = {}, body = undefined) {
  const answer = await fetch(address, { method, body, headers: { "Tus-Resumable": "1.0.0", "X-CSRF": csrf, ...headers } });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function reason(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return `it was refused (${answer.status})`;
  }
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Where a file is on its way already, or a new beginning: choosing the same file again goes on with it. */
async function place(file, key, csrf) {
  const known = localStorage.getItem(key);
  if (known) {
    const here = await ask("HEAD", known, csrf);
    if (here.ok) return [known, here];
    localStorage.removeItem(key);
  }
  const metadata = `filename ${base64(file.name)}`;
  const begun = await ask("POST", ADDRESS, csrf, { "Upload-Length": String(file.size), "Upload-Metadata": metadata });
  if (!begun.ok) throw new Refused(await reason(begun));
  localStorage.setItem(key, begun.headers.get("Location"));
  return [begun.headers.get("Location"), begun];
}

/** Sends what is missing and returns the identifier of the stored file. */
async function send(file, key, csrf, tell) {
  let [address, here] = await place(file, key, csrf);
  while (!here.headers.get("Attachment-Id")) {
    const offset = Number(here.headers.get("Upload-Offset"));
    tell(offset / file.size);
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    here = await ask("PATCH", address, csrf, headers, file.slice(offset, offset + PART));
    if (here.status === 409) throw new Error("another part is on its way");
    if (here.status === 404) {
      localStorage.removeItem(key);
      [address, here] = await place(file, key, csrf);
    } else if (!here.ok) {
      localStorage.removeItem(key);
      throw new Refused(await reason(here));
    }
  }
  localStorage.removeItem(key);
  return here.headers.get("Attachment-Id");
}

/** Sends until it is there or refused, however often the line breaks. */
async function upload(file, csrf, tell) {
  const key = `upload:${file.name}:${file.size}:${file.lastModified}`;
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    try {
      return await send(file, key, csrf, tell);
    } catch (broken) {
      if (broken instanceof Refused) throw broken;
      tell(null);
      await pause(wait);
    }
  }
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A line in the list of a field's files: how far it is, then a tick like those the server writes. */
async function follow(input, file) {
  const base = input.name.replace(/\.files$/, "");
  let list = input.parentElement.querySelector("ul.ticks");
  if (!list) {
    list = made("ul", { className: "ticks" });
    list.setAttribute("aria-label", "Already uploaded");
    input.before(list);
  }
  const told = made("span", { className: "kept", role: "status", textContent: "0 %" });
  const line = made("li", {}, `${file.name} `, told);
  list.append(line);
  pending.add(line);
  const tell = (share) => {
    told.textContent = share === null ? "the line is broken; it goes on by itself" : `${Math.floor(share * 100)} %`;
  };
  try {
    const id = await upload(file, input.form.elements.csrf.value, tell);
    const tick = made("input", { type: "checkbox", name: `${base}.kept`, value: id, checked: true });
    const name = made("input", { type: "hidden", name: `name.${id}`, value: file.name });
    told.textContent = "uploaded";
    line.replaceChildren(made("label", {}, tick, ` ${file.name} `, told), name);
  } catch (refused) {
    told.className = "error";
    told.textContent = refused.message;
    // goes with the form, which comes back with the reason instead of going through without the file
    const value = `${file.name}: ${refused.message}`;
    line.append(made("input", { type: "hidden", name: `${base}.refused`, value }));
  } finally {
    pending.delete(line);
  }
}

for (const input of document.querySelectorAll('input[type="file"][name$=".files"]')) {
  input.addEventListener("change", () => {
    const small = new DataTransfer();
    for (const file of input.files) {
      if (file.size < LARGE) small.items.add(file);
      else follow(input, file);
    }
    input.files = small.files;
  });
}

// A form is sent once its files are there: before form.js hears of it.
document.addEventListener(
  "submit",
  (event) => {
    const waiting = [...pending].filter((line) => event.target.contains(line));
    if (!waiting.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting[0].scrollIntoView({ block: "center" });
    waiting[0].querySelector("[role=status]").textContent += " - send the form once it is uploaded";
  },
  true,
);
