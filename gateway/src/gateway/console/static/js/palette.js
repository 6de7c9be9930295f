// The palette of Ctrl/Cmd-K: the server finds, arrows choose, Enter goes.
import htmx from "./htmx.js";

const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
  // htmx begins in a timer after the page stands; a key may come before it.
  htmx.process(palette);
  htmx.trigger(input, "fill");
}

function options() {
  return [...list.querySelectorAll('[role="option"]')];
}

function choose(index) {
  const all = options();
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
  const chosen = all[index];
  if (chosen) {
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

if (palette) {
  document.querySelector("[data-palette]")?.addEventListener("click", openPalette);
  list.addEventListener("htmx:after:swap", () => choose(0));
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.sourceElement === input) choose(0);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((at + step + all.length) % all.length);
      event.preventDefault();
    } else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      all[at].click();
    }
  });
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  if (mac) for (const key of document.querySelectorAll("[data-modifier]")) key.textContent = "⌘ K";
}
