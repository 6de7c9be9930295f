// Around every request: the CSRF token, toasts with Undo, and focus that stays where it was.
import { icon, words } from "./words.js";

const TOAST_MS = 8000;
const TOAST_WITH_UNDO_MS = 15000;
const AFTER_KEY = "funia-toast";
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = token;
});

document.addEventListener("funia:toast", (event) => {
  const toast = event.detail.value ?? event.detail;
  const form = event.target.closest?.("[data-then]");
  if (form && !toast.failed) {
    // The page goes away: the toast, with its Undo, is shown by the next one.
    sessionStorage.setItem(AFTER_KEY, JSON.stringify(toast));
    location.assign(form.dataset.then);
    return;
  }
  showToast(toast);
  document.dispatchEvent(new CustomEvent("funia:done", { detail: toast }));
});

document.addEventListener("htmx:error", (event) => {
  const reason = event.detail?.error?.name;
  if (reason !== "AbortError") showToast({ sentence: words.offline, failed: true });
});

const kept = sessionStorage.getItem(AFTER_KEY);
if (kept) {
  sessionStorage.removeItem(AFTER_KEY);
  showToast(JSON.parse(kept));
}

export function showToast({ sentence, undo = "", failed = false }) {
  const toast = document.createElement("div");
  toast.className = failed ? "toast-box is-failed" : "toast-box";
  const text = document.createElement("span");
  text.textContent = sentence;
  toast.append(icon(failed ? "alert-triangle" : "circle-check"), text);
  if (undo) toast.append(undoButton(toast, undo));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", words.close);
  close.append(icon("x"));
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  document.getElementById("toasts")?.append(toast);
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), undo ? TOAST_WITH_UNDO_MS : TOAST_MS));
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  start();
}

function undoButton(toast, address) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = words.undo;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRF-Token": token, "HX-Request": "true" } });
    toast.remove();
    if (answer.ok) location.reload();
    else showToast({ sentence: words.failed, failed: true });
  });
  return button;
}

// A swapped form keeps the focus of the control that was in it, by id.
let focused = "";
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const again = focused && document.getElementById(focused);
  if (again && document.activeElement !== again && document.activeElement === document.body) again.focus();
});

document.addEventListener("submit", (event) => {
  const sentence = event.target.dataset?.confirm;
  if (sentence && !window.confirm(sentence)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  showToast({ sentence: words.copied });
});
