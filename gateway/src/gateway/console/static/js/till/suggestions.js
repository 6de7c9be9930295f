// What goes with the goods in the basket, from what the tablet knows: works without a network.
import { basket, noteShown } from "./basket.js";
import { choose } from "./cards.js";
import { el, filled, icon, words } from "./dom.js";
import { itemOf, itemOfProduct, nameOf } from "./shelf.js";

const MOST = 3;

// Goods that are not in the basket, those first that were most often bought with something in it.
export function suggestions() {
  const held = basket.lines.map((line) => itemOf(line.variantId)).filter(Boolean);
  const products = new Set(held.map((item) => item.product_id));
  const best = new Map();
  for (const item of held) {
    for (const one of item.companions ?? []) {
      const offered = itemOfProduct(one.product_id);
      const known = best.get(one.product_id);
      if (!offered || products.has(one.product_id) || known?.share >= one.share_basis_points) continue;
      best.set(one.product_id, { item: offered, id: one.suggestion_id, share: one.share_basis_points, because: item });
    }
  }
  return [...best.values()].sort((a, b) => b.share - a.share).slice(0, MOST);
}

export function drawSuggestions() {
  const box = document.getElementById("till-suggestions");
  const shown = suggestions();
  for (const one of shown) noteShown(one.id);
  box.replaceChildren(...shown.map(chip));
  box.hidden = !box.firstElementChild;
}

function chip({ item, id, share, because }) {
  const why = filled(words.withIn, { name: because.name, share: `${Math.round(share / 100)} %` });
  return el("button", { type: "button", className: "till-chip till-suggestion", onclick: () => choose(item, id) }, icon("plus"), el("span", {}, nameOf(item), el("small", {}, why)));
}
