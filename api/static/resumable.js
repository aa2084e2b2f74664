// Sends a file in parts, so that it goes on where the line broke: for forms and for the outbox.

const ADDRESS = "/api/v1/attachments/resumable";
const PART = 4 * 1024 * 1024;

/** The server does not take this file; the message says why. Every other failure passes. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** One request; an answer that says "later", and none at all, are the same: the line is broken for now. */
async function ask(method, address, csrf, headers = {}, body = undefined) {
  const answer = await fetch(address, { method, body, headers: { "Tus-Resumable": "1.0.0", "X-CSRF": csrf, ...headers } });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function reason(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return `it was refused (${answer.status})`;
  }
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Where a file is on its way already, or a new beginning. `memory` knows the address from one attempt to the next. */
async function place(file, name, memory, csrf) {
  const known = await memory.get();
  if (known) {
    const here = await ask("HEAD", known, csrf);
    if (here.ok) return [known, here];
    await memory.set(null);
  }
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(name)}` };
  const begun = await ask("POST", ADDRESS, csrf, headers);
  if (!begun.ok) throw new Refused(await reason(begun), begun.status);
  await memory.set(begun.headers.get("Location"));
  return [begun.headers.get("Location"), begun];
}

/** Sends what is missing and returns the identifier of the stored file; `tell` hears how much of it is there. */
export async function send(file, name, memory, csrf, tell = () => {}) {
  let [address, here] = await place(file, name, memory, csrf);
  while (!here.headers.get("Attachment-Id")) {
    const offset = Number(here.headers.get("Upload-Offset"));
    tell(offset / file.size);
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    here = await ask("PATCH", address, csrf, headers, file.slice(offset, offset + PART));
    if (here.status === 409) throw new Error("another part is on its way");
    if (here.status === 404) {
      await memory.set(null);
      [address, here] = await place(file, name, memory, csrf);
    } else if (!here.ok) {
      await memory.set(null);
      throw new Refused(await reason(here), here.status);
    }
  }
  await memory.set(null);
  return here.headers.get("Attachment-Id");
}
