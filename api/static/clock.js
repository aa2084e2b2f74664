// Keeps the clocks on the page running. Without it they show the time at which the page was made.

import { now } from "./moment.js";

/** A length in its two largest units, in the same words as the server's. */
function length(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) {
    const named = days === 1 ? "1 day" : `${days} days`;
    return hours && days < 10 ? `${named} ${hours} h` : named;
  }
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

function show(clock) {
  const due = Date.parse(clock.dataset.due);
  const soon = Date.parse(clock.dataset.soon);
  const moment = now();
  const tone = moment > due ? "late" : moment >= soon ? "soon" : "fine";
  const text = tone === "late" ? `late ${length(moment - due)}` : `${length(due - moment)} left`;
  if (clock.textContent !== text) clock.textContent = text;
  if (!clock.classList.contains(tone)) {
    clock.classList.remove("late", "soon", "fine");
    clock.classList.add(tone);
  }
}

const clocks = [...document.querySelectorAll("[data-due]")];
if (!Number.isNaN(now()) && clocks.length) {
  const tick = () => clocks.forEach(show);
  tick();
  setInterval(tick, 1000);
}
