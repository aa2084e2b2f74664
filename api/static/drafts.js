// Saves what is typed into the form of a task on the server, a moment after the last key; the button does it without
// this script.

import { hold, kept, placeOf } from "./typed.js";

const QUIET = 2500;
const AGAIN = 20_000;

function drafts(form) {
  const told = form.querySelector("[data-saved]");
  const place = placeOf(form);
  let timer = 0;
  let changes = 0;
  let over = false;
  const content = () => {
    const typed = new FormData(form);
    for (const name of [...typed.keys()]) if (typed.get(name) instanceof File) typed.delete(name);
    return typed;
  };
  const save = async () => {
    const seen = changes;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: content(),
        headers: { Accept: "application/json" },
      });
      if (over) return;
      if (!answer.ok) {
        if (answer.status >= 500) later(AGAIN);
        told.textContent = answer.status >= 500 ? form.dataset.unsaved : (await answer.json()).detail;
        return;
      }
      const { saved, at } = await answer.json();
      told.textContent = saved;
      // This tab keeps it until a page shows it that was made later: the next one may be a copy, or made before.
      const typed = kept(place);
      if (typed && at) hold(place, { ...typed, base: Date.parse(at), saved: seen === changes });
      navigator.serviceWorker?.controller?.postMessage({ renew: location.pathname });
    } catch {
      told.textContent = form.dataset.unsaved;
      later(AGAIN);
    }
  };
  const later = (wait) => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(save, wait);
  };
  const changed = () => {
    changes += 1;
    later(QUIET);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.type !== "file") changed(); });
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(timer);
  });
  if (form.dataset.restored !== undefined) changed(); // typed before, and never saved
  addEventListener("online", () => { if (changes) later(0); });
}

for (const thrown of document.querySelectorAll("form.draft")) {
  const form = document.querySelector("form[data-draft]");
  thrown.addEventListener("submit", () => sessionStorage.removeItem(placeOf(form)));
}
document.querySelectorAll("form[data-draft]").forEach(drafts);
