// Makes long forms kinder: hides what does not apply, keeps what was typed until it is sent, refuses a double send.

import { now } from "./moment.js";
import { hold, kept, placeOf } from "./typed.js";

/** A field that only means something after certain answers is shown once one of them is given. */
function follow(form) {
  const followers = [...form.querySelectorAll("[data-follows]")];
  const answers = (name) =>
    [...form.elements].filter((one) => one.name === name && one.checked && !one.disabled).map((one) => one.value);
  for (const field of followers) for (const words of field.querySelectorAll(".when")) words.hidden = true;
  const apply = () => {
    // twice, since a field can follow one that follows another
    for (let round = 0; round < 2; round += 1) {
      for (const field of followers) {
        const shown = JSON.parse(field.dataset.follows).some(([name, answer]) => answers(name).includes(answer));
        field.hidden = !shown;
        for (const input of field.querySelectorAll("input, textarea, select")) input.disabled = !shown;
      }
    }
  };
  if (followers.length) {
    form.addEventListener("change", apply);
    apply();
  }
}

/** Typed text survives a reload, a lost network and a page that is older than it; nothing typed is overwritten unasked. */
function keep(form) {
  const place = placeOf(form);
  const inputs = [...form.elements].filter(
    (one) => one.name && !["hidden", "file", "password"].includes(one.type) && !one.readOnly,
  );
  const content = () => {
    const values = {};
    for (const input of inputs) {
      values[input.name] ??= [];
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
      if (input.value) values[input.name].push(input.value);
    }
    return values;
  };
  const fill = (values) => {
    for (const input of inputs) {
      const said = values[input.name];
      if (!said) continue; // a field that the form did not have then
      if (input.type === "radio" || input.type === "checkbox") input.checked = said.includes(input.value);
      else input.value = said[0] ?? "";
    }
    form.dispatchEvent(new Event("change"));
  };
  const shown = content();
  const drafted = Date.parse(form.dataset.drafted ?? "") || 0;
  const differs = (values) => Object.keys(values).some((name) => name in shown && `${values[name]}` !== `${shown[name]}`);
  const typed = kept(place);
  let other = null;
  const base = () => Math.max(kept(place)?.base ?? 0, drafted);
  const save = () => hold(place, { values: content(), at: now(), base: base(), saved: false, other });
  if (typed && form.dataset.answered === undefined) {
    const older = !(Date.parse(document.documentElement.dataset.now ?? "") > typed.base); // the page, or its copy
    let stands = !typed.saved || older;
    if (typed.other && differs(typed.other)) other = typed.other;
    if (stands && differs(typed.values)) {
      if (!typed.saved && drafted > typed.base) {
        // Saved elsewhere meanwhile: the newer stands, and the person is asked.
        stands = !(drafted > typed.at);
        other = stands ? shown : typed.values;
      }
      if (stands) {
        fill(typed.values);
        if (!typed.saved) form.dataset.restored = "";
        const note = form.querySelector("[data-kept-note]");
        if (note) note.hidden = false;
      }
    } else if (!other) sessionStorage.removeItem(place);
  }
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => sessionStorage.setItem("typed:sent", place));
  const asked = form.querySelector("[data-kept-other]");
  if (!other || !asked) return;
  asked.hidden = false;
  asked.querySelector("button").addEventListener("click", () => {
    const before = content();
    fill(other);
    other = before;
    form.dispatchEvent(new Event("input"));
  });
}

/** Empty lines wait until the one before them is used. */
function lines(table) {
  const rows = [...table.tBodies[0].rows];
  const used = (row) => [...row.querySelectorAll("input")].some((input) => input.value);
  const apply = () => {
    const last = rows.findLastIndex(used);
    rows.forEach((row, number) => { row.hidden = number > last + 1; });
  };
  table.addEventListener("input", apply);
  table.closest("form").addEventListener("change", apply);
  apply();
}

/** Says how much room is left before a text is too long; nothing that was pasted is cut off. */
function limit(area) {
  const told = Object.assign(document.createElement("p"), { className: "hint left", hidden: true });
  told.setAttribute("role", "status");
  area.after(told);
  const longest = Number(area.dataset.longest);
  const show = () => {
    const left = longest - [...area.value].length;
    told.hidden = left > longest / 5;
    told.classList.toggle("over", left < 0);
    const words = (left < 0 ? area.dataset.over : area.dataset.left).replace("#", Math.abs(left));
    if (!told.hidden && told.textContent !== words) told.textContent = words;
  };
  area.addEventListener("input", show);
  show();
}

// A page without an error after a send means that it was taken: what was kept for it can go. A copy knows nothing of it.
const sent = sessionStorage.getItem("typed:sent");
if (sent) {
  if (!document.querySelector("[data-answered]") && !document.documentElement.dataset.copy) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("typed:sent");
}

for (const area of document.querySelectorAll("[data-longest]")) limit(area);
for (const form of document.querySelectorAll("form")) {
  follow(form);
  for (const table of form.querySelectorAll("table.lines")) lines(table);
  if (form.dataset.keep) keep(form);
  if (form.method === "post") {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sending) event.preventDefault();
      form.dataset.sending = "yes";
      setTimeout(() => delete form.dataset.sending, 8000);
    });
  }
}

// The first error is where the eye should go.
document.querySelector("[data-problems]")?.focus();
