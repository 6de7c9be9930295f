// Taking the money: what is checked before, how it is split, and the sale that comes of it.
import { basket, begin, lineOf, priced, resume } from "./basket.js";
import { amountOf, button, el, field, filled, hide, money, quantity, reasonOf, show, toast, typed, words } from "./dom.js";
import { askLeave } from "./leave.js";
import { isCard } from "./cards.js";
import { findGiftCard, pointsFor } from "./held.js";
import { backlog, drain, HELD, sendNow } from "./queue.js";
import { showReceipt } from "./receipt.js";
import { call, link } from "./server.js";
import { itemOf, place, synchronise } from "./shelf.js";
import { enqueue, read, receiptOf } from "./vault.js";

const METHODS = ["cash", "card", "points", "gift_card", "other"];
const NOTES_MAJOR = [5, 10, 20, 50, 100];
const MOST_SHOWN = 100;
const IGNORED = new Set(["SEQUENCE_GAP", "SEQUENCE_TAKEN", "SESSION_CLOSED"]);
let finishing = false;

// Asks the server, where it can be asked, and opens the dialog in which the customer pays.
export async function pay() {
  const cost = priced();
  if (!cost) return;
  if (place.session?.status !== "open") {
    toast(words.openSessionFirst, true);
    return;
  }
  if (cost.beyond && !basket.grant && !link.person?.scopes.includes("sales.approve_discount")) {
    askLeave(pay);
    return;
  }
  const refusal = await checked(cost);
  if (refusal) {
    if (refusal.reason === "PRICE_DIFFERS") await synchronise().catch(() => {});
    if (refusal.reason === "APPROVAL_NEEDED") askLeave(pay);
    else toast(refusal.reason === "PRICE_DIFFERS" ? words.pricesChanged : refusal.message, true);
    return;
  }
  tenderDialog(cost);
}

// What the server says against this sale; nothing where it cannot be asked.
async function checked(cost) {
  if (!link.online || !link.person || backlog.count) return null;
  const due = cost.gross ? [{ id: crypto.randomUUID(), method: "cash", amount_minor: cost.gross }] : [];
  const order = { ...orderOf(cost, due), sequence: ((await read("last_sequence")) ?? 0) + 1, age_seconds: 0 };
  try {
    const path = `/v1/registers/${place.register.id}/till-orders`;
    const { refusal } = await call("POST", path, { orders: [order], check_only: true });
    return refusal && !IGNORED.has(refusal.reason) ? refusal : null;
  } catch (error) {
    return error.status === 400 ? { reason: "", message: reasonOf(error) } : null;
  }
}

function orderOf(cost, payments) {
  return {
    id: basket.id,
    session_id: place.session.id,
    sold_at: new Date().toISOString(),
    sold_by: link.person?.id ?? place.person?.id ?? "",
    contact_id: basket.customer?.contactId ?? "",
    account_id: basket.customer?.accountId ?? "",
    card_number: basket.customer?.card ?? "",
    phone: basket.customer?.phone ?? "",
    shown_suggestion_ids: basket.suggested.slice(0, MOST_SHOWN),
    coupon_codes: basket.coupons.map((one) => one.code),
    lines: cost.lines.map(({ beyond, ...line }) => ({ ...line, suggestion_id: lineOf(line.id)?.suggestionId ?? "" })),
    document_discount_basis_points: basket.discount.basisPoints ?? 0,
    document_discount_minor: basket.discount.amount ?? 0,
    payments,
    discount_grant: basket.grant,
  };
}

function tenderDialog(cost) {
  const tenders = [];
  const left = () => cost.gross - tenders.reduce((total, one) => total + one.amount_minor, 0);
  const list = el("ul", { className: "till-tenders" });
  const due = el("output", { className: "till-due" });
  const amount = field(words.amount, { inputMode: "decimal", id: "till-amount", autocomplete: "off", onfocus: (event) => event.target.select() });
  const reference = field(words.reference, { maxLength: 80, autocomplete: "off" });
  const quick = el("div", { className: "till-quick" });
  const ways = el("div", { className: "till-ways" });
  const code = field(words.giftCardCode, { id: "till-gift-code", maxLength: 40, autocomplete: "off" });
  code.hidden = true;
  const finish = button(words.finish, () => complete(cost, tenders, finish), { id: "till-finish", className: "btn btn-primary till-wide" });
  const problem = el("p", { className: "till-problem", role: "alert", hidden: true });

  const draw = () => {
    const rest = left();
    const handed = tenders.reduce((total, one) => total + (one.tendered_minor || one.amount_minor), 0);
    due.textContent = rest > 0 ? filled(words.stillToPay, { amount: money(rest) }) : filled(words.changeIs, { amount: money(handed - cost.gross) });
    list.replaceChildren(
      ...tenders.map((one, at) =>
        el("li", {}, `${words[one.method]} ${money(one.tendered_minor || one.amount_minor)}`, button("×", () => (tenders.splice(at, 1), draw()), { className: "icon-button", "aria-label": words.remove })),
      ),
    );
    for (const part of [amount, reference, quick, ways]) part.hidden = rest <= 0;
    code.hidden = true;
    amount.input.value = typed(Math.max(rest, 0));
    quick.replaceChildren(...notesFor(rest).map((note) => button(money(note), () => take("cash", note))));
    finish.disabled = rest > 0;
    (rest > 0 ? amount.input : finish).focus();
  };
  const refuse = (sentence) => {
    problem.textContent = sentence;
    problem.hidden = false;
  };
  // Points and gift cards: the server says what there is, and takes it with the sale.
  const hold = async (method) => {
    const asked = amountOf(amount.input.value) ?? 0;
    if (!asked || asked > left()) return refuse(words.tooMuch);
    if (method === "gift_card" && code.hidden) {
      code.hidden = false;
      code.input.focus();
      return;
    }
    try {
      const found = method === "points" ? await pointsFor(asked, tenders) : await findGiftCard(code.input.value, asked, tenders);
      tenders.push({ id: crypto.randomUUID(), method, tendered_minor: 0, reference: "", ...found });
      code.input.value = "";
      problem.hidden = true;
      draw();
    } catch (error) {
      refuse(error.away ? words.heldNeedsNetwork : reasonOf(error));
    }
  };
  const take = (method, handed) => {
    const rest = left();
    problem.hidden = handed > 0 && (method === "cash" || handed <= rest);
    if (!problem.hidden) {
      problem.textContent = words.tooMuch;
      return;
    }
    const paid = Math.min(handed, rest);
    tenders.push({
      id: crypto.randomUUID(),
      method,
      amount_minor: paid,
      tendered_minor: method === "cash" && handed > paid ? handed : 0,
      reference: reference.input.value.trim(),
    });
    reference.input.value = "";
    draw();
  };
  ways.append(
    ...METHODS.map((method) => button(words[method], () => (HELD.has(method) ? hold(method) : take(method, amountOf(amount.input.value) ?? 0)), { "data-method": method, className: "btn till-way" })),
  );
  show(filled(words.payTitle, { amount: money(cost.gross) }), [due, balance(), list, amount, quick, reference, code, ways, problem, finish], { name: "pay" });
  draw();
}

// What the customer has in points and on cards, where it was found.
function balance() {
  const { points, worth, credits } = basket.customer ?? {};
  const said = [points ? filled(words.pointsAre, { count: quantity(points * 1_000), amount: money(worth) }) : "", credits ? filled(words.creditsAre, { amount: money(credits) }) : ""];
  return said.some(Boolean) ? el("p", { className: "muted", id: "till-balance" }, said.filter(Boolean).join(" ")) : null;
}

function notesFor(rest) {
  const unit = amountOf("1");
  return NOTES_MAJOR.map((note) => note * unit).filter((note) => note > rest).slice(0, 3);
}

// Writes the sale into the queue. Its id was made with the basket, so a second press finds it done.
async function complete(cost, tenders, pressed) {
  if (finishing) return;
  finishing = true;
  pressed.disabled = true;
  try {
    const order = orderOf(cost, tenders);
    const receipt = await enqueue(basket.id, (sequence) => ({
      id: basket.id,
      sequence,
      kind: "sale",
      order: { ...order, sequence },
      names: Object.fromEntries(basket.lines.map((line) => [line.id, line.name])),
      customer: basket.customer?.name ?? "",
      sellsCards: basket.lines.some((line) => isCard(itemOf(line.variantId))),
      priced: cost,
      basket: tenders.some((one) => HELD.has(one.method)) ? { ...basket } : undefined,
    }));
    begin();
    if (receipt.order.payments.some((one) => HELD.has(one.method))) {
      await heard(receipt);
      return;
    }
    hide();
    drain();
    showReceipt(receipt);
  } finally {
    finishing = false;
  }
}

// A sale that was paid with money the server holds is made when the server has taken it.
async function heard(receipt) {
  const outcome = await sendNow(receipt.id);
  hide();
  if (outcome === "taken") showReceipt((await receiptOf(receipt.id)) ?? receipt);
  else if (outcome === "refused") await resume(receipt.id);
  else show(words.waitTitle, [el("p", {}, words.waitForAnswer), button(words.next, hide, { className: "btn btn-primary till-wide", id: "till-next" })], { name: "waiting" });
}
