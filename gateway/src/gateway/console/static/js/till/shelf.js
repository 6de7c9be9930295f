// The catalogue as this till sells it: read from the tablet at once, then brought up to date from the server.
import { call } from "./server.js";
import { items, layItems, raiseSequence, read, write } from "./vault.js";

export const shelf = { currency: "EUR", taxRates: {}, rules: [], parents: {}, branches: [], maxDiscount: 10_000, cursor: "" };
export const place = { register: null, store: null, session: null };
const byVariant = new Map();
const byCode = new Map();
const byProduct = new Map();
let order = [];

// What the tablet knows.
export async function load() {
  Object.assign(place, (await read("place")) ?? {});
  Object.assign(shelf, (await read("shelf")) ?? {});
  index(await items());
  return place.register !== null;
}

// Reads on from where the till stands until there is nothing more; whether anything has changed.
export async function synchronise() {
  let changed = false;
  for (let complete = false; !complete; ) {
    const query = new URLSearchParams(shelf.cursor ? { cursor: shelf.cursor } : {});
    const page = await call("GET", `/v1/registers/${place.register.id}/sync?${query}`);
    changed ||= page.reset || page.items.length > 0;
    take(page);
    await layItems(page.items, page.reset, { ...shelf });
    await raiseSequence(page.register.last_sequence);
    complete = page.complete;
  }
  await keepPlace();
  if (changed) index(await items());
  return changed;
}

function take(page) {
  Object.assign(place, { store: page.store, register: page.register, session: page.session ?? null });
  if (page.reset) {
    Object.assign(shelf, { rules: page.price_rules, branches: [], parents: {} });
    shelf.taxRates = Object.fromEntries(page.tax_rates.map((one) => [one.code, one.rate_basis_points]));
  }
  for (const branch of page.branches) {
    shelf.parents[branch.id] = branch.parent_id;
    if (!shelf.branches.some((one) => one.id === branch.id)) shelf.branches.push(branch);
  }
  shelf.currency = page.store.currency_code;
  shelf.maxDiscount = page.max_discount_basis_points;
  shelf.cursor = page.next_cursor;
}

export function keepPlace() {
  return write("place", { ...place });
}

function index(found) {
  byVariant.clear();
  byCode.clear();
  byProduct.clear();
  order = found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  for (const item of order) {
    byVariant.set(item.product_variant_id, item);
    if (item.prices.length && !byProduct.has(item.product_id)) byProduct.set(item.product_id, item);
    for (const code of [...item.barcodes, item.sku]) if (code) byCode.set(code.toLowerCase(), item);
  }
}

export const itemOf = (variantId) => byVariant.get(variantId);
// The first variant of a product that has a price.
export const itemOfProduct = (productId) => byProduct.get(productId);
export const itemByCode = (code) => byCode.get(code.trim().toLowerCase());

export function nameOf(item) {
  return item.variant_name && item.variant_name !== item.name ? `${item.name}, ${item.variant_name}` : item.name;
}

// Items of a branch and those below it, or whose words begin with all that was typed.
export function found(text, branchId, most) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const below = branchId ? belowOf(branchId) : null;
  const matches = [];
  for (const item of order) {
    if (below && !below.has(item.category_id)) continue;
    const said = `${nameOf(item)} ${item.sku} ${item.barcodes.join(" ")}`.toLowerCase();
    if (words.every((word) => said.includes(word))) matches.push(item);
    if (matches.length === most) break;
  }
  return matches;
}

function belowOf(branchId) {
  const below = new Set([branchId]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const branch of shelf.branches) {
      if (!below.has(branch.id) && below.has(branch.parent_id)) {
        below.add(branch.id);
        grown = true;
      }
    }
  }
  return below;
}
