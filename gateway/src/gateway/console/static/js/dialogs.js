// Dialogs: native <dialog>, filled by a fragment, closed by their buttons, by Escape and by a click beside them.
import htmx from "./htmx.js";

const modal = document.getElementById("modal");
const body = document.getElementById("modal-body");

export async function openDialog(address) {
  body.dataset.formHost = "";
  await htmx.ajax("GET", address, { target: "#modal-body", swap: "innerHTML" });
  showModal();
}

/** Opens what a request has answered with. */
export function showDialog(html) {
  body.dataset.formHost = "";
  body.innerHTML = html;
  htmx.process(body);
  showModal();
}

function showModal() {
  if (!body.firstElementChild) return;
  if (!modal.open) modal.showModal();
  (body.querySelector("[autofocus]") ?? body.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens], [data-load-dialog]");
  if (opener && modal && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.getElementById("palette").close();
    openDialog(opener.dataset.loadDialog ?? opener.href);
    return;
  }
  if (event.target.closest?.("[data-close-dialog]")) {
    const dialog = event.target.closest("dialog");
    if (dialog) dialog.close();
    else history.back();
  }
  if (event.target.matches?.("dialog") && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  if (event.target.closest?.("[data-more]")) document.getElementById("more").showModal();
  if (event.target.closest?.("[data-keys]")) document.getElementById("keys").showModal();
});

modal?.addEventListener("close", () => body.replaceChildren());
