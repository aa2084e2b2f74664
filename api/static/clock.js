// Keeps the clocks on the page running. Without it they show the time at which the page was made.

import { now } from "./moment.js";

/** The server's words for a running clock, in the reader's language. */
const words = JSON.parse(document.documentElement.dataset.clock ?? "null");
const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** A length in its two largest units, in the same words as the server's. */
function length(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) {
    const named = filled(days === 1 ? words.day : words.days, { num: days });
    return hours && days < 10 ? filled(words.days_hours, { days: named, hours }) : named;
  }
  if (hours) return filled(minutes ? words.hours_minutes : words.hours, { hours, minutes });
  return minutes ? filled(words.minutes, { minutes }) : filled(words.seconds, { seconds });
}

function show(clock) {
  const due = Date.parse(clock.dataset.due);
  const soon = Date.parse(clock.dataset.soon);
  const moment = now();
  const tone = moment > due ? "late" : moment >= soon ? "soon" : "fine";
  const text = filled(tone === "late" ? words.late : words.left, { time: length(Math.abs(due - moment)) });
  if (clock.textContent !== text) clock.textContent = text;
  if (!clock.classList.contains(tone)) {
    clock.classList.remove("late", "soon", "fine");
    clock.classList.add(tone);
  }
}

const clocks = [...document.querySelectorAll("[data-due]")];
if (words && !Number.isNaN(now()) && clocks.length) {
  const tick = () => clocks.forEach(show);
  tick();
  setInterval(tick, 1000);
}
