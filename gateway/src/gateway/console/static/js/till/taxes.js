// Taxes beside a total: within it where prices include them, on top of what is summed up where they do not.
import { filled, money, words } from "./dom.js";

const BASIS_POINTS = 100;

// Whether the prices of the lines have the tax in them already. Gift cards bear none.
export function isWithin({ lines }) {
  return !lines.some((one) => one.tax_minor && !one.tax_included);
}

// Rows made by `pair` from a label and an amount.
export function taxRows(cost, pair) {
  const within = isWithin(cost);
  const rows = cost.taxes.filter((one) => one.rate).map((one) => pair(filled(within ? words.taxOf : words.taxOn, { rate: `${one.rate / BASIS_POINTS} %` }), money(one.tax)));
  return within ? rows : [pair(words.withoutTax, money(cost.net)), ...rows];
}
