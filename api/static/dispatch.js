// Dragging work on the dispatch board. A drop opens the same form that a click on the work opens, with the engineer and
// the day filled in: nothing is assigned until somebody says so, and everything works without this file.

const FAR = 6; // pixels before a press becomes a drag, so that a click stays a click
const EDGE = 48; // pixels from the window's edge at which the page goes along, by so many:
const STEP = 24;
const board = document.querySelector("[data-board]");

let drag = null;

function placeAt(x, y) {
  const under = document.elementFromPoint(x, y);
  const row = under?.closest("[data-to]");
  return row && board.contains(row) ? { row, cell: under.closest("[data-day]") } : null;
}

function mark(place) {
  for (const one of board.querySelectorAll(".is-over")) one.classList.remove("is-over");
  place?.row.classList.add("is-over");
  place?.cell?.classList.add("is-over");
}

function begin(event) {
  drag.ghost = drag.piece.cloneNode(true);
  drag.ghost.removeAttribute("href");
  drag.ghost.setAttribute("aria-hidden", "true");
  drag.ghost.classList.add("ghost");
  drag.ghost.style.width = `${drag.piece.offsetWidth}px`;
  document.body.append(drag.ghost);
  document.documentElement.classList.add("is-dragging");
  drag.piece.setPointerCapture(event.pointerId);
}

function end() {
  drag?.ghost?.remove();
  document.documentElement.classList.remove("is-dragging");
  if (board) mark(null);
  drag = null;
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
  if (!drag.ghost) begin(event);
  drag.ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
  const below = event.clientY > innerHeight - EDGE;
  if (below || event.clientY < EDGE) scrollBy(0, below ? STEP : -STEP); // the row may lie beyond the window
  mark(placeAt(event.clientX, event.clientY));
}

function drop(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { ghost, piece } = drag;
  const place = ghost && placeAt(event.clientX, event.clientY);
  if (ghost) piece.dataset.dragged = "yes"; // the click that follows a drag opens nothing
  end();
  if (!place) return;
  const target = new URL(board.dataset.board, location.href);
  target.searchParams.set("task", piece.dataset.piece);
  target.searchParams.set("to", place.row.dataset.to);
  const from = piece.closest("[data-day]")?.dataset.day;
  const day = place.cell?.dataset.day;
  if (day && day !== from) target.searchParams.set("day", day);
  location.assign(target); // without a fragment: the button of whom it was dropped on gets the focus
}

if (board) {
  for (const piece of document.querySelectorAll("[data-piece]")) {
    piece.addEventListener("pointerdown", (event) => {
      // a finger scrolls the page; there the list and its links do the same
      if (event.button !== 0 || event.pointerType === "touch") return;
      delete piece.dataset.dragged;
      drag = { piece, pointer: event.pointerId, x: event.clientX, y: event.clientY, ghost: null };
    });
    piece.addEventListener("dragstart", (event) => event.preventDefault());
    piece.addEventListener("click", (event) => {
      if (piece.dataset.dragged) event.preventDefault();
      delete piece.dataset.dragged;
    });
  }
  addEventListener("pointermove", move);
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", end);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) end();
  });
}
