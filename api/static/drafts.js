// Saves what is typed into the form of a task on the server, a moment after the last key; the button does it without
// this script.

const QUIET = 2500;
const AGAIN = 20_000;

function drafts(form) {
  const told = form.querySelector("[data-saved]");
  const place = `typed:${location.pathname}:${form.dataset.keep}`;
  let timer = 0;
  let changes = 0;
  let over = false;
  let leaving = false;
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
      told.textContent = (await answer.json()).saved;
      // The server has it, so this tab need not, unless the page is being left: the next one may have been made before.
      if (seen === changes && !leaving) sessionStorage.removeItem(place);
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
    leaving = false;
    later(QUIET);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.type !== "file") changed(); });
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(timer);
  });
  addEventListener("beforeunload", () => { leaving = true; });
  addEventListener("online", () => { if (changes) later(0); });
}

for (const thrown of document.querySelectorAll("form.draft")) {
  const kept = document.querySelector("form[data-draft]");
  thrown.addEventListener("submit", () => sessionStorage.removeItem(`typed:${location.pathname}:${kept.dataset.keep}`));
}
document.querySelectorAll("form[data-draft]").forEach(drafts);
