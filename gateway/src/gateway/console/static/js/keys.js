// Keys of the whole console. None acts while the person writes.
import { openPalette } from "./palette.js";
import { closePanel, rowKey } from "./rows.js";

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const writing = event.target.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    if (writing) event.target.blur();
    else closePanel();
    return;
  }
  if (writing) return;
  if (event.key === "c") {
    const menu = document.querySelector("[data-new]")?.closest("details");
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    menu.querySelector(".menu-list a").focus();
  } else if (event.key === "/") {
    const filter = document.querySelector("[data-filter-text]");
    if (!filter) return;
    event.preventDefault();
    filter.focus();
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (rowKey(event)) {
    event.preventDefault();
  }
});
