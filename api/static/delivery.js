// Sends what waits whenever there is a chance, and says on the page how much there still is.

import { entriesOf } from "./outbox.js";
import { sendAll, SignedOut } from "./sending.js";

const root = document.documentElement;

/** How many entries wait, in the menu; one that was refused stands out. Returns those that are not sent. */
export async function count() {
  const open = (await entriesOf(root.dataset.user)).filter((one) => one.state !== "sent");
  for (const place of document.querySelectorAll("[data-outbox-count]")) {
    place.textContent = open.length || "";
    place.hidden = !open.length;
    place.classList.toggle("late", open.some((one) => one.state === "stuck"));
  }
  return open;
}

/** Sends what waits; returns whether it got through. Whoever shows it hears the event `outbox` afterwards. */
export async function deliver() {
  let through = true;
  try {
    await sendAll();
  } catch (away) {
    through = false;
    for (const note of document.querySelectorAll("[data-signed-out]")) note.hidden = !(away instanceof SignedOut);
  }
  await count();
  dispatchEvent(new Event("outbox"));
  return through;
}
