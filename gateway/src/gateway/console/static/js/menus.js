// Menus are <details>: they open without script; script closes them and moves by arrow keys.
const OPEN = "details[data-menu][open]";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (!menu.contains(event.target) || event.target.closest("[data-opens], [data-load-dialog], [data-keys]")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(OPEN) ?? document.querySelector(OPEN);
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
    event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.target.matches("input, select, textarea")) {
    const items = [...menu.querySelectorAll(".menu-list a, .menu-list button")].filter((item) => item.offsetParent);
    if (!items.length) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length].focus();
    event.preventDefault();
  }
}, true);

// An open menu is moved back into the window where it would stand out of it.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details[data-menu]") || !menu.open) return;
  const list = menu.querySelector(".menu-list");
  list.style.translate = "0 0";
  const box = list.getBoundingClientRect();
  const over = Math.max(0, box.right - (document.documentElement.clientWidth - 8));
  const under = Math.max(0, 8 - box.left);
  list.style.translate = `${under - over}px 0`;
}, true);
