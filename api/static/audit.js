// While a check runs, its part of the page looks again by itself; without a script there is a link that does.

const EVERY = 2000;

async function look() {
  const checks = document.querySelector("#checks[data-running]");
  if (!checks) return;
  if (!document.hidden && !checks.contains(document.activeElement)) {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#checks");
      if (answer.ok && fresh) checks.replaceWith(fresh);
    } catch {
      // no network at the moment: the next look may have it
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
