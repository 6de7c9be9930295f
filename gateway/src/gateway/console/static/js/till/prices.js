// The arithmetic of prices at a till: the server's price function (sales/pricing), step by step, in whole numbers.
// Knows no page and no network. Tests run it on the cases of the server's own function and compare every figure.
const BASIS_POINTS = 10_000n;
const MILLI = 1_000n;
const MICROS = 1_000_000n;
const NO_CENTS = new Set(
  ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"],
);
const THREE_DIGITS = new Set(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);

export class NoPrice extends Error {
  constructor(reason, index) {
    super(reason);
    this.reason = reason;
    this.index = index;
  }
}

// Decimal digits of a currency's minor unit, after ISO 4217.
export function digits(currency) {
  if (NO_CENTS.has(currency)) return 0;
  return THREE_DIGITS.has(currency) ? 3 : 2;
}

// Prices lines of `{id, item, quantityMilli, discount: {basisPoints, amount}}`. `shelf` is what the server synchronised:
// currency, taxRates by code, rules, and parents of branches; a gift card costs its `unitMicros`. `coupons` are as the server has them. Raises NoPrice naming
// the reason and the line.
export function price(lines, shelf, discount = {}, coupons = []) {
  const rules = sorted(shelf.rules.filter((rule) => !rule.currency_code || rule.currency_code === shelf.currency));
  const drafts = lines.map((line, index) => draft(line, index, shelf, rules));
  const goods = drafts.filter((one) => !one.isCard);
  if (new Set(goods.map((one) => one.taxIncluded)).size > 1) throw new NoPrice("TAX_MEANING_MIXED", 0);
  for (const coupon of coupons) redeem(coupon, goods, shelf);
  offTheDocument(goods, discount);
  tax(drafts);
  const priced = drafts.map((one) => finished(one, shelf));
  const sum = (name) => priced.reduce((total, one) => total + one[name], 0);
  return {
    lines: priced,
    list: sum("list_minor"),
    off: sum("rule_minor") + sum("discounted_minor") + sum("coupon_minor") + sum("document_discount_minor"),
    net: sum("net_minor"),
    tax: sum("tax_minor"),
    gross: sum("gross_minor"),
    taxes: byRate(priced),
    beyond: priced.some((one) => one.beyond),
  };
}

function draft(line, index, shelf, rules) {
  if (line.item.kind === "gift_card") return cardDraft(line, index, shelf);
  const { item, quantityMilli } = line;
  const rate = shelf.taxRates[item.tax_code];
  if (rate === undefined) throw new NoPrice("TAX_CODE_UNKNOWN", index);
  const step = item.prices.findLast((one) => one.min_quantity_milli <= quantityMilli);
  if (!step) throw new NoPrice("PRICE_MISSING", index);
  const quantity = BigInt(quantityMilli);
  const list = extended(BigInt(step.unit_micros), quantity, shelf.currency);
  const ruled = savings(rules, pathOf(item, shelf), item, quantity, list, shelf.currency);
  const given = taken(line.discount ?? {}, list - ruled);
  return { line, step, rate, list, ruled, given, left: list - ruled - given, coupon: 0n, document: 0n, tax: 0n, taxIncluded: step.tax_included };
}

// A gift card costs what is put on it (`line.unitMicros`, or its list price): no rule, discount, coupon or tax touches it.
function cardDraft(line, index, shelf) {
  const { item, quantityMilli } = line;
  const micros = line.unitMicros ?? item.prices.findLast((one) => one.min_quantity_milli <= quantityMilli)?.unit_micros;
  if (micros === undefined) throw new NoPrice("PRICE_MISSING", index);
  const list = extended(BigInt(micros), BigInt(quantityMilli), shelf.currency);
  const step = { unit_micros: micros };
  return { line: { ...line, discount: {} }, step, rate: 0, list, ruled: 0n, given: 0n, left: list, coupon: 0n, document: 0n, tax: 0n, taxIncluded: true, isCard: true };
}

// The one rule that saves most, then the stackable ones on what is left, in order of priority.
function savings(rules, path, item, quantity, amount, currency) {
  const holds = rules.filter((rule) => BigInt(rule.min_quantity_milli) <= quantity && isFor(rule, path, item));
  let best = 0n;
  for (const rule of holds.filter((one) => !one.stackable)) {
    const saved = saving(rule, amount, quantity, currency);
    if (saved > best) best = saved;
  }
  let left = amount - best;
  for (const rule of holds.filter((one) => one.stackable)) {
    const saved = least(saving(rule, left, quantity, currency), left);
    left -= saved;
  }
  return amount - left;
}

function saving(rule, amount, quantity, currency) {
  const value = BigInt(rule.value);
  let saved;
  if (rule.effect === "percent_off") saved = share(amount, value);
  else if (rule.effect === "amount_off") saved = extended(value, quantity, currency);
  else if (rule.effect === "fixed_price") saved = amount - extended(value, quantity, currency);
  else {
    const free = (quantity / MILLI / BigInt(rule.buy_quantity + rule.get_quantity)) * BigInt(rule.get_quantity);
    saved = rounded(amount * free * MILLI, quantity);
  }
  if (saved < 0n) return 0n;
  return least(saved, amount);
}

function isFor(rule, path, item) {
  if (!rule.variant_ids.length && !rule.product_ids.length && !rule.category_ids.length) return true;
  return (
    rule.variant_ids.includes(item.product_variant_id) ||
    rule.product_ids.includes(item.product_id) ||
    rule.category_ids.some((one) => path.has(one))
  );
}

function pathOf(item, shelf) {
  const path = new Set();
  for (let id = item.category_id; id && !path.has(id); id = shelf.parents[id]) path.add(id);
  return path;
}

function sorted(rules) {
  return rules.toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

// A coupon off the goods it holds for, spread over their lines.
function redeem(coupon, drafts, shelf) {
  const mine = drafts.filter((one) => isFor(coupon, pathOf(one.line.item, shelf), one.line.item));
  const amount = mine.reduce((total, one) => total + one.left, 0n);
  if (!mine.length || amount < BigInt(coupon.min_amount?.amount_minor ?? 0)) throw new NoPrice("COUPON_NOT_REACHED", 0);
  const off = taken({ basisPoints: coupon.discount_basis_points, amount: coupon.discount_amount?.amount_minor ?? 0 }, amount);
  const parts = spread(off, mine.map((one) => one.left));
  mine.forEach((one, at) => {
    one.coupon += parts[at];
    one.left -= parts[at];
  });
}

function offTheDocument(drafts, discount) {
  const amount = drafts.reduce((total, one) => total + one.left, 0n);
  const off = taken(discount, amount);
  if (!off) return;
  const parts = spread(off, drafts.map((one) => one.left));
  drafts.forEach((one, at) => {
    one.document = parts[at];
    one.left -= parts[at];
  });
}

// Once a rate over the whole sale, then spread over its lines.
function tax(drafts) {
  for (const group of Map.groupBy(drafts, (one) => one.rate).values()) {
    const amount = group.reduce((total, one) => total + one.left, 0n);
    const rate = BigInt(group[0].rate);
    const whole = group[0].taxIncluded ? rounded(amount * rate, BASIS_POINTS + rate) : share(amount, rate);
    const parts = spread(whole, group.map((one) => one.left));
    group.forEach((one, at) => (one.tax = parts[at]));
  }
}

function finished(one, shelf) {
  const net = one.taxIncluded ? one.left - one.tax : one.left;
  const byHand = one.given + one.document;
  return {
    id: one.line.id,
    product_variant_id: one.line.item.product_variant_id,
    quantity_milli: one.line.quantityMilli,
    discount_basis_points: one.line.discount?.basisPoints ?? 0,
    discount_minor: one.line.discount?.amount ?? 0,
    list_unit_micros: one.step.unit_micros,
    tax_included: one.taxIncluded,
    list_minor: Number(one.list),
    rule_minor: Number(one.ruled),
    discounted_minor: Number(one.given),
    coupon_minor: Number(one.coupon),
    document_discount_minor: Number(one.document),
    tax_rate_basis_points: one.rate,
    net_minor: Number(net),
    tax_minor: Number(one.tax),
    gross_minor: Number(net + one.tax),
    beyond: byHand * BASIS_POINTS > (one.left + one.coupon + byHand) * BigInt(shelf.maxDiscount ?? 10_000),
  };
}

function byRate(lines) {
  const rates = Map.groupBy(lines, (one) => one.tax_rate_basis_points);
  return [...rates].map(([rate, group]) => ({ rate, tax: group.reduce((total, one) => total + one.tax_minor, 0) }));
}

function taken({ basisPoints = 0, amount = 0 }, of) {
  return least(basisPoints ? share(of, BigInt(basisPoints)) : BigInt(amount), of);
}

// To the nearest whole number, halves away from zero. The denominator is above zero.
function rounded(numerator, denominator) {
  const half = (2n * (numerator < 0n ? -numerator : numerator) + denominator) / (2n * denominator);
  return numerator < 0n ? -half : half;
}

function share(amount, basisPoints) {
  return rounded(amount * basisPoints, BASIS_POINTS);
}

function extended(unitMicros, quantityMilli, currency) {
  return rounded(unitMicros * quantityMilli * 10n ** BigInt(digits(currency)), MICROS * MILLI);
}

function least(a, b) {
  return a < b ? a : b;
}

// Parts that follow the weights and add up to the amount: the largest remainder, ties to the earlier.
function spread(amount, weights) {
  const total = weights.reduce((sum, one) => sum + one, 0n);
  if (total === 0n) return weights.map((_, at) => (at === weights.length - 1 ? amount : 0n));
  const parts = weights.map((weight) => (amount * weight) / total);
  const left = Number(amount - parts.reduce((sum, one) => sum + one, 0n));
  const remainder = (at) => (amount * weights[at]) % total;
  const order = weights.map((_, at) => at).sort((a, b) => (remainder(a) === remainder(b) ? a - b : remainder(b) > remainder(a) ? 1 : -1));
  for (const at of order.slice(0, left)) parts[at] += 1n;
  return parts;
}
