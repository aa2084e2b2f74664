// My work by keyboard: j and k go from task to task, c claims, r gives back, x chooses, / searches, ? tells the keys.
// Everything is also reached by Tab; whoever does not want single keys switches them off in the help.

const list = document.querySelector("[data-work]");
const help = document.querySelector("[data-keys]");
const OFF = "aftercare-keys-off";

const rows = () => [...list.querySelectorAll("[data-task]")];
const linkOf = (row) => row.querySelector(".what a");
const boxOf = (row) => row.querySelector("input[name=task]");
const here = () => document.activeElement?.closest?.("[data-task]");

function remembered() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // storage can be forbidden; the keys then work until the page is left
  }
}

function remember(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // as above: nothing is kept
  }
}

let off = remembered();

/** Goes to the next task, or the one before; at either end it stays. */
function go(step) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(here());
  const next = place < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + step, 0), all.length - 1);
  linkOf(all[next]).focus();
  all[next].scrollIntoView({ block: "nearest" });
}

/** Gives the task back, as its choice and the button below would. */
function giveBack(row) {
  if (!("mine" in row.dataset)) return;
  for (const one of rows()) boxOf(one).checked = one === row;
  document.querySelector("#bulk [value=release]")?.click();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  c: () => here()?.querySelector("[data-claim] button")?.click(),
  r: () => here() && giveBack(here()),
  x: () => here() && boxOf(here()).click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => help?.showModal(),
};

function typed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
  if (off && event.key !== "?") return;
  const writes = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  if (event.target.closest?.(writes)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** An address is easier to read, and to save, without the filters that were left empty. */
function withoutEmpty(event) {
  for (const one of event.target.elements) if (one.name && !one.value && event.target.method === "get") one.disabled = true;
  setTimeout(() => [...event.target.elements].forEach((one) => (one.disabled = false)));
}

if (list && help) {
  document.addEventListener("keydown", typed);
  const show = document.querySelector("[data-show-keys]");
  show.hidden = false;
  show.addEventListener("click", () => help.showModal());
  const use = help.querySelector("[data-keys-on]");
  use.checked = !off;
  use.addEventListener("change", () => remember((off = !use.checked)));
  document.querySelector(".filters form")?.addEventListener("submit", withoutEmpty);
}
