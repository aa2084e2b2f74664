// A signature by finger, pen or mouse: it becomes a picture among the task's files. Without this script the hint beside
// the field tells the other ways.

const INK = "#14213d";
const SENT = "signature.png";

/** Black on white whatever the theme, since it is printed. */
function blank(canvas) {
  const box = canvas.getBoundingClientRect();
  const scale = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.max(1, Math.round(box.width * scale));
  canvas.height = Math.max(1, Math.round(box.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { strokeStyle: INK, lineWidth: 2.2 * scale, lineCap: "round", lineJoin: "round" });
  return pen;
}

function picture(canvas) {
  const bytes = atob(canvas.toDataURL("image/png").split(",")[1]);
  return new File([Uint8Array.from(bytes, (one) => one.charCodeAt(0))], SENT, { type: "image/png" });
}

function pad(box) {
  const canvas = box.querySelector("canvas");
  const { form } = document.querySelector(`[name="${box.dataset.signature}"]`);
  const files = form.querySelector(`[name="${box.dataset.files}.files"]`);
  const taken = box.querySelector("[data-taken]");
  const others = box.nextElementSibling?.matches(".without-pad") ? box.nextElementSibling : null;
  const evidence = box.dataset.evidence ? form.elements[box.dataset.evidence] : null;
  let pen = null;
  let ink = false;
  const at = (event) => {
    const edge = canvas.getBoundingClientRect();
    const scale = canvas.width / edge.width;
    return [(event.clientX - edge.left) * scale, (event.clientY - edge.top) * scale];
  };
  const clear = () => {
    pen = blank(canvas);
    ink = false;
  };
  const show = () => {
    const chosen = [...form.elements].find((one) => one.name === box.dataset.signature && one.checked && !one.disabled);
    const before = box.hidden;
    box.hidden = chosen?.value !== (box.dataset.answer ?? "electronic");
    if (others) others.hidden = box.hidden;
    if (before && !box.hidden) clear();
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    taken.hidden = true;
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...at(one));
    pen.stroke();
    ink = true;
  });
  const attach = () => {
    if (!ink || box.hidden) return;
    files.dispatchEvent(new CustomEvent("attach", { detail: [picture(canvas)] }));
    if (evidence && !evidence.value.trim()) {
      evidence.value = box.dataset.signed; // where the customer's word is found: in the picture that goes along
      evidence.dispatchEvent(new Event("input", { bubbles: true }));
    }
    clear();
    taken.hidden = false;
  };
  box.querySelector("[data-take]").addEventListener("click", attach);
  box.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("change", show);
  // a signature that was drawn goes along although nobody pressed the button
  addEventListener("submit", (event) => { if (event.target === form) attach(); }, true);
  addEventListener("pageshow", show);
  show();
}

document.querySelectorAll("[data-signature]").forEach(pad);
