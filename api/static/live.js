// Follows what changes in the list of work and says so gently: nothing moves until the reader asks for it.

const list = document.querySelector("[data-work]");
const fresh = document.querySelector("[data-fresh]");
const shown = new Map([...document.querySelectorAll("[data-task]")].map((row) => [row.dataset.task, row]));
const unseen = new Set();
let stream;
let newest = list?.dataset.since;

/** Whether a task that is in the list now would stand on this page of it. */
function wouldStandHere(task) {
  const last = list.dataset.last;
  return "first" in list.dataset && (!last || task.rank <= Number(last));
}

function mark(row, task) {
  const gone = !task.here;
  row.classList.toggle("gone", gone);
  const claim = row.querySelector("[data-claim] button");
  if (claim) claim.disabled = gone;
  const holder = row.querySelector("[data-holder]");
  holder.dataset.before ??= holder.textContent;
  const why = task.open ? list.dataset.taken.replace("%s", task.holder) : list.dataset.ended;
  holder.textContent = !gone ? holder.dataset.before : task.open && !task.holder ? list.dataset.elsewhere : why;
}

function say() {
  const number = unseen.size;
  fresh.hidden = number === 0;
  fresh.textContent = number === 1 ? list.dataset.one : list.dataset.many.replace("%d", number);
}

function heard(event) {
  newest = event.lastEventId || newest;
  for (const task of JSON.parse(event.data)) {
    const row = shown.get(task.task);
    if (row) mark(row, task);
    else if (task.here && wouldStandHere(task)) unseen.add(task.task);
    else unseen.delete(task.task);
  }
  say();
}

/** Follows while the page is looked at: a tab in the background holds no connection. */
function follow() {
  stream?.close();
  if (document.hidden) return;
  const address = new URL(list.dataset.live, location.href);
  if (newest) address.searchParams.set("since", newest);
  stream = new EventSource(address);
  stream.addEventListener("work", heard);
}

if (list?.dataset.live && "EventSource" in window) {
  follow();
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => event.persisted && follow());
}
