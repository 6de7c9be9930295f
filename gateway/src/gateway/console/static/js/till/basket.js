// The sale at hand: what is in it, what it costs, and baskets that wait for their customer to come back.
import { NoPrice, price } from "./prices.js";
import { itemOf, nameOf, shelf } from "./shelf.js";
import { read, write } from "./vault.js";

const ONE = 1_000;
export let basket = empty();
const listeners = new Set();

function empty() {
  return { id: crypto.randomUUID(), lines: [], discount: {}, customer: null, coupons: [], suggested: [], grant: "", grantedBy: "" };
}

export function onBasket(listener) {
  listeners.add(listener);
}

function changed() {
  write("basket", basket);
  for (const one of listeners) one();
}

export async function restore() {
  basket = { ...empty(), ...(await read("basket")) };
  for (const one of listeners) one();
}

export function begin() {
  basket = empty();
  for (const one of listeners) one();
}

// What the basket costs, as the server will reckon it; null where it is empty. Raises NoPrice.
export function priced() {
  if (!basket.lines.length) return null;
  const lines = basket.lines.map((line, index) => {
    const item = itemOf(line.variantId);
    if (!item) throw new NoPrice("PRICE_MISSING", index);
    return { id: line.id, item, quantityMilli: line.quantityMilli, discount: line.discount, unitMicros: line.unitMicros };
  });
  return price(lines, shelf, basket.discount, basket.coupons);
}

export function add(item, suggestionId = "") {
  const known = basket.lines.find((one) => one.variantId === item.product_variant_id);
  if (known) known.quantityMilli += ONE;
  else basket.lines.push({ id: crypto.randomUUID(), variantId: item.product_variant_id, name: nameOf(item), quantityMilli: ONE, discount: {}, suggestionId });
  withoutLeave();
}

// Remembers what the clerk was shown; how many of them are taken is what suggestions are judged by.
export function noteShown(suggestionId) {
  if (!basket.suggested.includes(suggestionId)) basket.suggested.push(suggestionId);
}

// Gift cards stand in lines of their own: each has its amount, and its code.
export function addCard(item, unitMicros, suggestionId = "") {
  basket.lines.push({ id: crypto.randomUUID(), variantId: item.product_variant_id, name: nameOf(item), quantityMilli: ONE, discount: {}, suggestionId, unitMicros });
  withoutLeave();
}

export function setFace(lineId, unitMicros) {
  lineOf(lineId).unitMicros = unitMicros;
  withoutLeave();
}

export function setQuantity(lineId, milli) {
  if (milli <= 0) basket.lines = basket.lines.filter((one) => one.id !== lineId);
  else lineOf(lineId).quantityMilli = milli;
  withoutLeave();
}

export function setDiscount(lineId, discount) {
  if (lineId) lineOf(lineId).discount = discount;
  else basket.discount = discount;
  withoutLeave();
}

export function setCoupons(coupons) {
  basket.coupons = coupons;
  withoutLeave();
}

export function setCustomer(customer) {
  basket.customer = customer;
  changed();
}

export function setLeave(grant, grantedBy) {
  Object.assign(basket, { grant, grantedBy });
  changed();
}

export function lineOf(lineId) {
  return basket.lines.find((one) => one.id === lineId);
}

// Leave is for the basket as it was seen.
function withoutLeave() {
  Object.assign(basket, { grant: "", grantedBy: "" });
  changed();
}

export const parked = async () => (await read("parked")) ?? [];

export async function park() {
  await parkOf(basket);
  basket = empty();
  changed();
}

// Puts a basket with those that wait, such as one whose sale the server has refused.
export async function parkOf(one) {
  await write("parked", [...(await parked()), { ...one, parkedAt: new Date().toISOString() }]);
}

export async function resume(id) {
  const waiting = await parked();
  const chosen = waiting.find((one) => one.id === id);
  if (!chosen) return;
  const left = waiting.filter((one) => one.id !== id);
  if (basket.lines.length) left.push({ ...basket, parkedAt: new Date().toISOString() });
  await write("parked", left);
  basket = { ...empty(), ...chosen };
  changed();
}
