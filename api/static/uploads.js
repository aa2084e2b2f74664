// Sends files while the form is being filled in: a video survives a line that breaks, a photo an answer that is
// refused. Without this script files go with the form, whole.

import { Refused, send } from "./resumable.js";

const PICTURES = ["image/jpeg", "image/png", "image/webp"];
const LARGE = 2 * 1024 * 1024;
const LONGEST_PAUSE = 30_000;
const pending = new Map();

/** Waits a while, or less when the line is back. */
const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

/** Sends until it is there or refused, however often the line breaks: choosing the same file again goes on with it. */
async function upload(file, form, tell) {
  const key = `upload:${file.name}:${file.size}:${file.lastModified}`;
  const memory = {
    get: () => localStorage.getItem(key),
    set: (address) => (address ? localStorage.setItem(key, address) : localStorage.removeItem(key)),
  };
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    try {
      return await send(file, file.name, memory, form.elements.csrf.value, tell);
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
  const base = input.name.replace(/(\.camera)?\.files$/, "");
  const { form } = input;
  const field = input.closest(".field");
  let list = field.querySelector("ul.ticks");
  if (!list) {
    list = made("ul", { className: "ticks" });
    list.setAttribute("aria-label", field.dataset.list);
    (input.closest(".attach") ?? input).before(list);
  }
  const told = made("span", { className: "kept", role: "status", textContent: "0 %" });
  const line = made("li", {}, `${file.name} `, told);
  list.append(line);
  const one = { file, input, line, broken: false };
  pending.set(line, one);
  const tell = (share) => {
    one.broken = share === null;
    told.textContent = one.broken ? field.dataset.broken : `${Math.floor(share * 100)} %`;
    if (form.dataset.waits) told.textContent += ` - ${field.dataset.waits}`;
  };
  try {
    const id = await upload(file, form, tell);
    const tick = made("input", { type: "checkbox", name: `${base}.kept`, value: id, checked: true });
    const name = made("input", { type: "hidden", name: `name.${id}`, value: file.name });
    told.textContent = field.dataset.uploaded;
    const shown = PICTURES.includes(file.type) ? [made("img", { src: `/api/v1/attachments/${id}/small`, alt: "" })] : [];
    line.replaceChildren(made("label", {}, tick, ...shown, ` ${file.name} `, told), name);
    form.dispatchEvent(new Event("change"));
  } catch (refused) {
    told.className = "error";
    told.textContent = refused.message;
    // goes with the form, which comes back with the reason instead of going through without the file
    const value = `${file.name}: ${refused.message}`;
    line.append(made("input", { type: "hidden", name: `${base}.refused`, value }));
  } finally {
    pending.delete(line);
    const waits = form.dataset.waits && ![...pending.keys()].some((other) => form.contains(other));
    if (waits) {
      delete form.dataset.waits;
      if (!form.querySelector(".ticks .error")) form.requestSubmit();
    }
  }
}

function take(input, files) {
  const whole = new DataTransfer();
  for (const file of files) {
    if (file.size < LARGE && !input.form.dataset.draft) whole.items.add(file);
    else follow(input, file);
  }
  input.files = whole.files;
}

for (const input of document.querySelectorAll('input[type="file"][name$=".files"]')) {
  input.addEventListener("change", () => take(input, [...input.files]));
  input.addEventListener("attach", (event) => take(input, [...input.files, ...event.detail]));
}

// Before form.js hears of it: a form is sent once its files are there, or with them where an outbox will take it.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const waiting = [...pending.values()].filter((one) => form.contains(one.line));
    if (!waiting.length) return;
    const cut = !navigator.onLine || waiting.some((one) => one.broken);
    if (cut && form.dataset.outbox && navigator.serviceWorker?.controller) {
      for (const { file, input, line } of waiting) {
        const whole = new DataTransfer();
        for (const other of [...input.files, file]) whole.items.add(other);
        input.files = whole.files;
        line.remove();
      }
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.submitter?.hasAttribute("formaction")) form.dataset.waits = "yes";
    waiting[0].line.scrollIntoView({ block: "center" });
    waiting[0].line.querySelector("[role=status]").textContent += ` - ${waiting[0].line.closest(".field").dataset.waits}`;
  },
  true,
);
