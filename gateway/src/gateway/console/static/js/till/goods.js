// What can be sold: branches, search, tiles, and the scanner, which types like a keyboard and ends with Enter.
import { choose, isCard } from "./cards.js";
import { scanned } from "./customer.js";
import { button, el, money, toast, words } from "./dom.js";
import { digits } from "./prices.js";
import { found, itemByCode, nameOf, shelf } from "./shelf.js";

const MOST = 120;
const MICROS = 1_000_000;
let branch = "";

export function startGoods() {
  const search = document.getElementById("till-search");
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      enter(search);
    }
  });
  // A scanner types wherever it is: what nobody else takes goes to the search.
  document.addEventListener("keydown", (event) => {
    const taken = event.target.closest("input, select, textarea, dialog[open]") || document.querySelector("dialog[open]");
    if (!taken && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) search.focus();
  });
}

async function enter(search) {
  const text = search.value;
  const matches = found(text, "", 2);
  const item = itemByCode(text) ?? (text.trim() && matches.length === 1 ? matches[0] : null);
  if (!item && (await scanned(text))) {
    search.value = "";
    draw();
    return;
  }
  if (!item) {
    if (text.trim() && !matches.length) toast(words.nothingFound, true);
    return;
  }
  choose(item);
  search.value = "";
  draw();
}

export function draw() {
  const text = document.getElementById("till-search").value;
  const tops = shelf.branches.filter((one) => !one.parent_id || !shelf.branches.some((other) => other.id === one.parent_id));
  const chips = [{ id: "", name: words.everything }, ...tops.toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name))];
  document.getElementById("till-branches").replaceChildren(
    ...chips.map((one) => button(one.name, () => ((branch = one.id), draw()), { className: "till-chip", "aria-pressed": String(branch === one.id) })),
  );
  const matches = found(text, text ? "" : branch, MOST);
  const tiles = matches.map((item) => tile(item));
  document.getElementById("till-grid").replaceChildren(...(tiles.length ? tiles : [el("p", { className: "till-empty muted" }, words.nothingFound)]));
}

function tile(item) {
  const unit = item.prices[0]?.unit_micros;
  const cost = unit === undefined ? (isCard(item) ? words.anyAmount : words.noPrice) : money(Math.round((unit * 10 ** digits(shelf.currency)) / MICROS));
  return el(
    "button",
    { type: "button", className: "till-tile", disabled: unit === undefined && !isCard(item), "data-sku": item.sku, onclick: () => choose(item) },
    el("span", { className: "till-tile-name" }, nameOf(item)),
    el("span", { className: "till-tile-price" }, cost),
  );
}
