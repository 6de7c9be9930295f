// Lists: click opens the side panel, Enter the page, X selects, J and K move, E edits in the panel.
import htmx from "./htmx.js";
import { openDialog } from "./dialogs.js";
import { words } from "./words.js";

const table = document.querySelector("[data-rows]");
const panel = document.getElementById("panel");
const mass = document.getElementById("mass");
const narrow = matchMedia("(max-width: 767px)");

function rows() {
  return [...document.querySelectorAll("tr[data-row]")];
}

function current() {
  return document.querySelector("tr[data-row].is-current");
}

function setCurrent(row, { focus = true } = {}) {
  current()?.classList.remove("is-current");
  if (!row) return;
  row.classList.add("is-current");
  if (focus) row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

async function openPanel(row, { edit = false } = {}) {
  if (!row?.dataset.panel || narrow.matches) {
    if (row) location.assign(row.dataset.href);
    return;
  }
  setCurrent(row, { focus: !edit });
  await htmx.ajax("GET", row.dataset.panel, { target: "#panel", swap: "innerHTML" });
  panel.hidden = false;
  document.body.classList.add("with-panel");
  panel.scrollTop = 0;
  if (edit) panel.querySelector(".fact input.ghost, .fact select.ghost")?.focus();
}

export function closePanel() {
  if (!panel || panel.hidden) return false;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("with-panel");
  current()?.focus({ preventScroll: true });
  return true;
}

function picked() {
  return [...document.querySelectorAll("[data-pick]:checked")];
}

function showMass() {
  if (!mass) return;
  const chosen = picked();
  mass.hidden = chosen.length === 0;
  mass.querySelector("[data-mass-count]").textContent = words.selected.replace("%(count)s", chosen.length);
  const merge = mass.querySelector("[data-merge]");
  if (merge) merge.hidden = chosen.length !== 2;
  for (const place of mass.querySelectorAll("[data-mass-ids]")) {
    place.replaceChildren(...chosen.map((box) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "id", value: box.value });
      return input;
    }));
  }
  for (const row of rows()) row.classList.toggle("is-picked", Boolean(row.querySelector("[data-pick]:checked")));
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-close-panel]")) return void closePanel();
  if (event.target.closest?.("[data-mass-clear]")) {
    for (const box of picked()) box.checked = false;
    return void showMass();
  }
  if (event.target.closest?.("[data-merge]")) {
    const [kept, other] = picked().map((box) => box.value);
    return void openDialog(`/people/${kept}/merge?other_id=${other}`);
  }
  const row = event.target.closest?.("tr[data-row]");
  if (!row || event.target.closest("button, input, label, select, form")) return;
  const link = event.target.closest("a");
  if (link && (event.ctrlKey || event.metaKey || event.shiftKey || !link.closest(".cell-name") || !row.dataset.panel)) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
  else openPanel(row);
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-pick]")) showMass();
});

document.addEventListener("funia:done", (event) => {
  if (event.detail.failed || !table) return;
  const ids = new Set(picked().map((box) => box.value));
  if (!ids.size) return;
  for (const row of rows()) if (ids.has(row.dataset.id)) row.remove();
  closePanel();
  showMass();
});

/** Keys of the list; true where the key was used. */
export function rowKey(event) {
  const all = rows();
  if (!all.length) return false;
  const row = current();
  const at = all.indexOf(row);
  if (event.key === "j" || event.key === "k") {
    const next = all[Math.min(all.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
    setCurrent(next);
    if (panel && !panel.hidden) openPanel(next);
    return true;
  }
  if (!row) return false;
  if (event.key === "Enter" && (document.activeElement === row || document.activeElement === document.body)) {
    location.assign(row.dataset.href);
    return true;
  }
  if (event.key === "x") {
    const box = row.querySelector("[data-pick]");
    if (box) box.checked = !box.checked;
    showMass();
    return true;
  }
  if (event.key === "e") {
    openPanel(row, { edit: true });
    return true;
  }
  return false;
}
