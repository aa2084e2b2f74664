// Sends what the outbox holds once the network is back: files first, then the completion, each once.

import { drop, entriesOf, put, waits } from "./outbox.js";
import { Refused, send } from "./resumable.js";

const SENT_SHOWN = 24 * 3600 * 1000;

/** Nobody is signed in any more: what waits goes on waiting. */
export class SignedOut extends Error {}

/** Who is signed in, with the secret for forms, the time, and what to keep for when the network is gone. */
export async function who(patience = 8000) {
  const answer = await fetch("/offline.json", {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(patience),
  });
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function sendFiles(entry, me) {
  for (const one of entry.files) {
    if (one.id) continue;
    const memory = {
      get: () => one.address,
      set: async (address) => {
        one.address = address;
        await put(entry);
      },
    };
    one.id = await send(one.file, one.name, memory, me.csrf);
    await put(entry);
  }
}

/** The form as the browser would have sent it, with the moment of the entry unless another was entered. */
function formOf(entry, me) {
  const form = new FormData();
  for (const [name, value] of entry.fields) if (name !== "csrf" && name !== "happened_at") form.append(name, value);
  const entered = entry.fields.find(([name, value]) => name === "happened_at" && value);
  const happened = Math.min(Date.parse(entry.happened), Date.parse(me.now));
  form.append("happened_at", entered ? entered[1] : new Date(happened).toISOString());
  for (const one of entry.files) {
    form.append(`${one.field}.kept`, one.id);
    form.append(`name.${one.id}`, one.name);
  }
  form.append("csrf", me.csrf);
  return form;
}

async function sendOne(entry, me) {
  try {
    await sendFiles(entry, me);
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    if (refused.status === 401) throw new SignedOut();
    await put({ ...entry, state: "stuck", answer: { text: refused.message, errors: [], open: true } });
    return;
  }
  const answer = await fetch(`${entry.path}/complete`, {
    method: "POST",
    body: formOf(entry, me),
    headers: { Accept: "application/json" },
  });
  if (answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  const said = await answer.json();
  if (answer.ok) {
    await put({ ...entry, state: "sent", files: [], fields: [], sent: Date.now() });
  } else {
    const text = said.text ?? said.detail ?? "";
    await put({ ...entry, state: "stuck", answer: { text, errors: said.errors ?? [], open: said.open ?? true } });
  }
}

/** Sends all that waits. Two pages never do it at once. Throws when the network or the sign-in is gone. */
export async function sendAll() {
  return navigator.locks.request("aftercare-outbox", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const me = await who();
    for (const entry of await entriesOf(me.user)) {
      if (entry.state === "sent" && Date.now() - entry.sent > SENT_SHOWN) await drop(entry.id);
      else if (waits(entry)) await sendOne(entry, me);
    }
  });
}
