// A picker: type, choose from what the server finds; the id goes into the hidden field beside it.
import htmx from "./htmx.js";

function parts(element) {
  const picker = element.closest?.("[data-picker]");
  if (!picker) return null;
  return {
    picker,
    input: picker.querySelector('[role="combobox"]'),
    list: picker.querySelector(".picker-list"),
    picked: picker.querySelector("[data-picked]"),
  };
}

function show({ input, list }) {
  const found = Boolean(list.firstElementChild);
  list.classList.toggle("is-open", found);
  input.setAttribute("aria-expanded", String(found));
}

function pick(box, option) {
  box.picked.value = option.dataset.option;
  box.input.value = option.dataset.name;
  box.list.replaceChildren();
  show(box);
  if (box.picker.matches("[data-submits]")) htmx.trigger(box.picker.closest("form"), "submit");
}

document.addEventListener("htmx:after:swap", (event) => {
  const box = parts(event.detail?.ctx?.sourceElement ?? event.target);
  if (box?.input) show(box);
});

document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-option]");
  if (option) {
    event.preventDefault();
    pick(parts(option), option);
    return;
  }
  for (const list of document.querySelectorAll(".picker-list.is-open")) {
    if (!list.parentElement.contains(event.target)) {
      list.replaceChildren();
      show(parts(list));
    }
  }
});

document.addEventListener("input", (event) => {
  const box = event.target.matches?.('[data-picker] [role="combobox"]') && parts(event.target);
  if (box) box.picked.value = "";
});

// Text that was typed and not taken from the list says nothing; only an emptied field takes the reference away.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.('[data-picker][data-submits] [role="combobox"]')) return;
  const { picker, input } = parts(event.target);
  if (!input.value.trim() && input.defaultValue) htmx.trigger(picker.closest("form"), "submit");
}, true);

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.('[data-picker] [role="combobox"]')) return;
  const box = parts(event.target);
  const all = [...box.list.querySelectorAll("[data-option]")];
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = all[(at + step + all.length) % all.length];
    all.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    if (next) box.input.setAttribute("aria-activedescendant", next.id);
    event.preventDefault();
  } else if (event.key === "Enter" && all.length) {
    event.preventDefault();
    pick(box, all[Math.max(at, 0)]);
  } else if (event.key === "Escape" && all.length) {
    box.list.replaceChildren();
    show(box);
    event.stopPropagation();
    event.preventDefault();
  }
});
