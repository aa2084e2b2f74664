// The product's time in the browser: it may run faster than the wall's, and a page may be a copy from before.

const root = document.documentElement;
const began = Date.parse(root.dataset.now ?? "");
const speed = Number(root.dataset.speed ?? "1");
const copied = Number(root.dataset.copy ?? "0"); // when this copy was made by the phone's own clock, 0 for none
const age = copied ? Math.max(0, Date.now() - copied) : 0;

/** The product's time, in milliseconds; NaN on a page that does not say it. */
export const now = () => began + (age + performance.now()) * speed;
