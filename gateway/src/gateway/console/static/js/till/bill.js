// The basket: its lines, their quantities and discounts, and what is to be paid.
import { basket, lineOf, onBasket, park, parked, priced, resume, setCoupons, setDiscount, setQuantity } from "./basket.js";
import { editCard, isCard } from "./cards.js";
import { takeCoupon } from "./coupons.js";
import { chooseCustomer } from "./customer.js";
import { amountOf, button, el, field, filled, form, hide, icon, moment, money, quantity, show, typed, words } from "./dom.js";
import { pay } from "./pay.js";
import { itemOf, nameOf, shelf } from "./shelf.js";
import { drawSuggestions } from "./suggestions.js";
import { taxRows } from "./taxes.js";

const PROBLEMS = { PRICE_MISSING: words.cannotPrice, TAX_CODE_UNKNOWN: words.cannotPrice, COUPON_NOT_REACHED: words.couponNotReached };

export function startBill() {
  onBasket(draw);
  document.getElementById("till-pay").addEventListener("click", pay);
  document.getElementById("till-customer").addEventListener("click", chooseCustomer);
  document.getElementById("till-off").addEventListener("click", () => giveDiscount(null));
  document.getElementById("till-park").addEventListener("click", () => (basket.lines.length ? park() : showParked()));
}

export function draw() {
  let cost = null;
  let problem = "";
  try {
    cost = priced();
  } catch (error) {
    problem = PROBLEMS[error.reason] ?? words.mixedTax;
  }
  const lines = basket.lines.map((line, at) => row(line, cost?.lines[at]));
  document.getElementById("till-lines").replaceChildren(...(lines.length ? lines : [el("li", { className: "till-empty muted" }, words.emptyBasket)]));
  drawSuggestions();
  document.getElementById("till-problem").textContent = problem;
  document.getElementById("till-sums").replaceChildren(...sums(cost));
  const total = cost ? money(cost.gross) : money(0);
  document.getElementById("till-pay").disabled = !cost;
  document.getElementById("till-pay-amount").textContent = total;
  document.getElementById("till-bill-toggle").textContent = `${words.basket} (${basket.lines.length}) · ${total}`;
  document.getElementById("till-customer-name").textContent = basket.customer?.name ?? words.customer;
  document.getElementById("till-park-label").textContent = basket.lines.length ? words.park : words.resume;
  document.getElementById("till-off").disabled = !basket.lines.length;
}

function row(line, cost) {
  const item = itemOf(line.variantId);
  const step = (by) => setQuantity(line.id, line.quantityMilli + by);
  const off = cost ? cost.list_minor - (cost.tax_included ? cost.gross_minor : cost.net_minor) : 0;
  const shown = cost ? (cost.tax_included ? cost.gross_minor : cost.net_minor) : 0;
  return el(
    "li",
    { className: cost?.beyond ? "till-line is-beyond" : "till-line" },
    el("button", { type: "button", className: "till-line-name", onclick: () => editLine(line.id) }, item ? nameOf(item) : words.noPrice, off ? el("small", {}, filled(words.saved, { amount: money(off) })) : null),
    el("span", { className: "till-steps" }, line.unitMicros === undefined ? steps(line, step) : button("×", () => setQuantity(line.id, 0), { className: "till-step", "aria-label": words.remove })),
    el("strong", {}, cost ? money(shown) : "—"),
  );
}

function steps(line, step) {
  return [
    button("−", () => step(-1_000), { className: "till-step", "aria-label": words.less }),
    el("span", { className: "till-count" }, quantity(line.quantityMilli)),
    button("+", () => step(1_000), { className: "till-step", "aria-label": words.more }),
  ];
}

function sums(cost) {
  if (!cost) return [];
  const pair = (label, value) => el("p", { className: "till-pair" }, el("span", {}, label), el("span", {}, value));
  return [
    ...basket.coupons.map((one) => pair(filled(words.couponIs, { code: one.code }), "")),
    cost.off ? pair(words.off, money(-cost.off)) : "",
    ...taxRows(cost, pair),
    cost.beyond ? el("p", { className: "till-problem" }, icon("lock"), basket.grant ? filled(words.agreedBy, { name: basket.grantedBy }) : filled(words.beyond, { limit: `${shelf.maxDiscount / 100} %` })) : "",
  ].filter(Boolean);
}

function editLine(lineId) {
  const line = lineOf(lineId);
  const item = itemOf(line.variantId);
  if (isCard(item) && line.unitMicros !== undefined) return editCard(line, item);
  const count = field(words.quantity, { inputMode: "decimal", autofocus: true, value: String(line.quantityMilli / 1000), onfocus: (event) => event.target.select() });
  const [kind, value] = discountFields(line.discount);
  const work = async () => {
    const milli = Math.round(Number(count.input.value.replace(",", ".")) * 1000);
    if (!Number.isFinite(milli) || milli < 0) throw new Error(words.noAmount);
    const discount = discountOf(kind, value);
    setDiscount(lineId, discount);
    setQuantity(lineId, milli);
    hide();
  };
  const remove = button(words.remove, () => (setQuantity(lineId, 0), hide()), { className: "btn till-wide" });
  show(line.name, [form([count, kind, value], words.save, work), remove], { name: "line" });
}

function giveDiscount() {
  const [kind, value] = discountFields(basket.discount);
  const work = async () => {
    setDiscount(null, discountOf(kind, value));
    hide();
  };
  show(words.basketDiscount, [form([kind, value], words.save, work), ...couponParts()], { name: "discount" });
}

function couponParts() {
  const code = field(words.couponCode, { id: "till-coupon", maxLength: 40, autocomplete: "off", autocapitalize: "characters", required: true });
  const work = async () => {
    await takeCoupon(code.input.value);
    hide();
  };
  const taken = basket.coupons.map((one) => button(filled(words.couponOff, { code: one.code }), () => (setCoupons(basket.coupons.filter((other) => other !== one)), hide()), { className: "btn till-wide" }));
  return [...taken, form([code], words.takeCoupon, work)];
}

function discountFields(discount) {
  const kind = field(words.discountKind, { options: [["share", "%"], ["amount", shelf.currency]] });
  const value = field(words.discount, { id: "till-discount", inputMode: "decimal", autocomplete: "off" });
  kind.input.value = discount.amount ? "amount" : "share";
  value.input.value = discount.amount ? typed(discount.amount) : discount.basisPoints ? String(discount.basisPoints / 100) : "";
  return [kind, value];
}

function discountOf(kind, value) {
  if (!value.input.value.trim()) return {};
  if (kind.input.value === "amount") {
    const amount = amountOf(value.input.value);
    if (amount === null) throw new Error(words.noAmount);
    return { amount };
  }
  const basisPoints = Math.round(Number(value.input.value.replace(",", ".")) * 100);
  if (!(basisPoints >= 0 && basisPoints <= 10_000)) throw new Error(words.noShare);
  return { basisPoints };
}

async function showParked() {
  const rows = (await parked()).map((one) =>
    button(`${moment(one.parkedAt)} · ${one.lines.map((line) => line.name).join(", ")}`, async () => (await resume(one.id), hide()), { className: "btn till-wide" }),
  );
  show(words.parkedBaskets, rows.length ? rows : el("p", { className: "muted" }, words.nothingParked), { name: "parked" });
}
