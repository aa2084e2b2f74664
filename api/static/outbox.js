// What was completed without a network, kept on this phone until it is sent: IndexedDB, used by pages and service worker.
//
// An entry is {id, user, path, title, about, fields, files, told, entered, happened, state, answer}. Its id is the
// submission id, so that the server counts it once however often it is sent. `state` is "handed" while the browser is
// sending the form itself, "waiting", "sent", or "stuck" when the server answered that it does not take it.

const NAME = "aftercare";
const HANDED_FOR = 120_000;

const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("entries", { keyPath: "id" });
    request.result.createObjectStore("facts");
  };
  return asked(request);
}

async function within(store, mode, work) {
  const database = await opened();
  try {
    return await asked(work(database.transaction(store, mode).objectStore(store)));
  } finally {
    database.close();
  }
}

/** Keeps an entry in the place of the one with the same id. */
export const put = (entry) => within("entries", "readwrite", (store) => store.put(entry));
export const get = (id) => within("entries", "readonly", (store) => store.get(id));
export const drop = (id) => within("entries", "readwrite", (store) => store.delete(id));

/** The entries of one person, the oldest first: nobody sees those of somebody else. */
export async function entriesOf(user) {
  const all = await within("entries", "readonly", (store) => store.getAll());
  return all.filter((one) => one.user === user).sort((a, b) => a.entered - b.entered);
}

/** True for what still has to be sent; what the browser was sending itself counts after a while. */
export const waits = (one) =>
  one.state === "waiting" || (one.state === "handed" && Date.now() - one.entered > HANDED_FOR);

/** What this phone knows of who is signed in: {user, kept, at}; null when nobody is. */
export const fact = (name) => within("facts", "readonly", (store) => store.get(name));
export const know = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));
