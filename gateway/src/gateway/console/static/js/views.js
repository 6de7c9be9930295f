// Saved views: named filters of a list, kept in this browser.
import { icon, words } from "./words.js";

const bar = document.querySelector("[data-views]");
if (bar) {
  const key = `funia-views-${bar.dataset.views}`;
  const place = bar.querySelector("[data-saved-views]");
  const read = () => JSON.parse(localStorage.getItem(key) ?? "[]");
  const draw = () => {
    place.replaceChildren(...read().map((view) => {
      const tab = document.createElement("span");
      tab.className = "saved-view";
      const link = document.createElement("a");
      link.href = `${bar.dataset.here}?${view.query}`;
      link.textContent = view.name;
      if (location.search === `?${view.query}`) link.setAttribute("aria-current", "page");
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "icon-button";
      remove.setAttribute("aria-label", `${words.removeView}: ${view.name}`);
      remove.append(icon("x"));
      remove.addEventListener("click", () => {
        localStorage.setItem(key, JSON.stringify(read().filter((other) => other.name !== view.name)));
        draw();
      });
      tab.append(link, remove);
      return tab;
    }));
  };
  bar.querySelector("[data-save-view]")?.addEventListener("click", () => {
    const name = window.prompt(words.saveViewName)?.trim().slice(0, 40);
    if (!name) return;
    const others = read().filter((view) => view.name !== name);
    localStorage.setItem(key, JSON.stringify([...others, { name, query: location.search.slice(1) }].slice(-12)));
    draw();
  });
  draw();
}
