// Receipts: as the till has them, on the screen and on paper.
import { button, el, filled, money, moment, quantity, show, words } from "./dom.js";
import { cardParts, markSeen } from "./cards.js";
import { onTold } from "./queue.js";
import { nameOf, itemOf, place } from "./shelf.js";
import { isWithin, taxRows } from "./taxes.js";
import { receipts } from "./vault.js";

const DIGITS = 6;

export function numberOf(sequence) {
  return `${place.register.receipt_prefix}-${String(sequence).padStart(DIGITS, "0")}`;
}

let shown = null;

// The server tells points, codes of gift cards and what is left on them when it has the sale: the receipt that is still
// open shows them then.
onTold((id, said) => {
  const dialog = document.getElementById("till-dialog");
  if (shown?.id === id && dialog.open && dialog.dataset.name === "receipt") showReceipt({ ...shown, ...said });
});

export function showReceipt(receipt) {
  shown = receipt;
  markSeen(receipt);
  const paper = receipt.kind === "sale" ? paperOf(receipt) : returnPaper(receipt);
  show(
    receipt.kind === "sale" ? words.sold : words.returned,
    [paper, el("div", { className: "till-row no-print" }, button(words.print, () => print()), button(words.next, () => document.getElementById("till-dialog").close(), { className: "btn btn-primary", id: "till-next", autofocus: true }))],
    { name: "receipt" },
  );
}

// The last receipts that this tablet has made.
export async function showReceipts() {
  const found = await receipts();
  const rows = found.slice(0, 50).map((one) =>
    el("li", {}, button(`${numberOf(one.sequence)} · ${moment(one.order?.sold_at ?? one.soldAt)} · ${money(totalOf(one))}`, () => showReceipt(one), { className: "btn till-wide" })),
  );
  show(words.receipts, rows.length ? el("ul", { className: "till-list" }, rows) : el("p", { className: "muted" }, words.noReceipts), { name: "receipts" });
}

const totalOf = (one) => (one.kind === "sale" ? one.priced.gross : -one.gross);

function paperOf(receipt) {
  const { sequence, order, priced, names, customer, points, left } = receipt;
  const lines = priced.lines.flatMap((line) => {
    const item = itemOf(line.product_variant_id);
    const shown = line.tax_included ? line.gross_minor : line.net_minor;
    const off = line.list_minor - shown;
    return [
      el("li", {}, el("span", {}, names?.[line.id] ?? (item ? nameOf(item) : "")), el("span", {}, `${quantity(line.quantity_milli)} × ${money(line.list_minor / (line.quantity_milli / 1000))}`), el("span", {}, money(line.list_minor))),
      off ? el("li", { className: "is-off" }, el("span", {}, words.off), el("span", {}), el("span", {}, money(-off))) : null,
    ];
  });
  const ways = order.payments.flatMap((one) => {
    const handed = one.tendered_minor || one.amount_minor;
    return [pair(words[one.method], money(handed)), handed > one.amount_minor ? pair(words.change, money(handed - one.amount_minor)) : null];
  });
  return frame(numberOf(sequence), order.sold_at, words.receipt, [
    customer ? el("p", {}, customer) : null,
    el("ul", { className: "till-receipt-lines" }, lines),
    isWithin(priced) ? null : taxRows(priced, pair),
    pair(words.total, money(priced.gross), "till-receipt-total"),
    isWithin(priced) ? taxRows(priced, pair) : null,
    ways,
    (left ?? []).map((one) => pair(filled(words.leftOnCard, { digits: one.digits }), money(one.minor))),
    pointsOf(points),
    cardParts(receipt),
  ]);
}

function pointsOf(points) {
  if (!points) return [];
  const count = (value) => quantity(value * 1_000);
  const rows = [[words.pointsEarned, points.earned], [words.pointsSpent, points.spent], [words.pointsLeft, points.available]];
  return rows.filter(([, value]) => value).map(([label, value]) => pair(label, count(value), "till-points"));
}

function returnPaper({ sequence, soldAt, lines, gross, payments }) {
  return frame(numberOf(sequence), soldAt, words.return, [
    el("ul", { className: "till-receipt-lines" }, lines.map((line) => el("li", {}, el("span", {}, line.name), el("span", {}, quantity(line.quantity_milli)), el("span", {}, money(-line.gross_minor))))),
    pair(words.givenBack, money(gross), "till-receipt-total"),
    payments.map((one) => pair(words[one.method] ?? one.method, money(one.amount_minor))),
  ]);
}

function frame(number, at, title, parts) {
  const { store } = place;
  return el(
    "article",
    { className: "till-receipt", id: "till-receipt" },
    el("h3", {}, store.name),
    store.address ? el("p", {}, store.address) : null,
    store.phone ? el("p", {}, store.phone) : null,
    el("p", {}, `${title} `, el("strong", {}, number)),
    el("p", {}, moment(at)),
    parts.flat(),
    store.receipt_footer ? el("p", { className: "till-receipt-foot" }, store.receipt_footer) : null,
  );
}

function pair(label, value, className = "") {
  return el("p", { className: `till-pair ${className}` }, el("span", {}, label), el("span", {}, value));
}
