// Makes long forms kinder: hides what does not apply, keeps what was typed until it is sent, refuses a double send.

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

/** Typed text survives a closed tab's reload or a lost network; it never leaves this tab. */
function keep(form) {
  const place = `typed:${location.pathname}:${form.dataset.keep}`;
  const inputs = [...form.elements].filter(
    (one) => one.name && one.type !== "hidden" && one.type !== "file" && one.type !== "password" && one.name !== "csrf",
  );
  let typed = null;
  try {
    typed = JSON.parse(sessionStorage.getItem(place) ?? "null");
  } catch {
    typed = null;
  }
  if (typed && form.dataset.answered === undefined) {
    for (const input of inputs) {
      if (!(input.name in typed)) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked = typed[input.name].includes(input.value);
      else if (!input.value) input.value = typed[input.name][0] ?? "";
    }
    form.dispatchEvent(new Event("change"));
    const note = form.querySelector("[data-kept-note]");
    if (note) note.hidden = false;
  }
  const save = () => {
    const values = {};
    for (const input of inputs) {
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
      if (input.value) (values[input.name] ??= []).push(input.value);
    }
    sessionStorage.setItem(place, JSON.stringify(values));
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => sessionStorage.setItem("typed:sent", place));
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

// A page without an error after a send means that it was taken: what was kept for it can go.
const sent = sessionStorage.getItem("typed:sent");
if (sent) {
  if (!document.querySelector("[data-answered]")) sessionStorage.removeItem(sent);
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
