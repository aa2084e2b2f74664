// What somebody typed into a form, kept in this tab until it is sent: {values, at, base, saved, other}.
//
// `values` has every field by name; `at` is the product's time of the last key. `base` is when the server had last saved
// the draft that was typed on, and `saved` says that it has all of it. `other` is an older text of the same form.

const { user = "" } = document.documentElement.dataset;

/** Where the text of a form is kept: nobody who signs in here after its person sees it. */
export const placeOf = (form) => `typed:${user}:${location.pathname}:${form.dataset.keep}`;

/** What is kept at a place; null when there is nothing. */
export function kept(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? "null");
  } catch {
    return null;
  }
}

export const hold = (place, typed) => sessionStorage.setItem(place, JSON.stringify(typed));
