// Brings the tab that is shown into sight where tabs run over the edge of a phone.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = here.closest(".tabs");
  tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
}

// Closes what opened over the page: by Escape, and by a click or the focus going elsewhere. Without it they close by their own button.

const opened = () => [...document.querySelectorAll("details.pop[open], .bottom details[open]")];

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of opened()) {
    one.open = false;
    one.querySelector("summary").focus();
  }
});
for (const moved of ["click", "focusin"]) {
  addEventListener(moved, (event) => {
    for (const one of opened()) if (!one.contains(event.target)) one.open = false;
  });
}
