// Gift cards that are sold: how much is put on one, and their codes, which the server tells once the sale has arrived.
import { add, addCard, setFace } from "./basket.js";
import { amountOf, button, el, field, filled, form, hide, moment, money, show, typed, words } from "./dom.js";
import { digits } from "./prices.js";
import { onTold } from "./queue.js";
import { nameOf, shelf } from "./shelf.js";
import { forgetCodes, receipts, seen } from "./vault.js";

const MICROS = 1_000_000;
let open = () => {};

export const isCard = (item) => item?.kind === "gift_card";

// Puts something into the basket; of a gift card it is asked first what is to be on it.
export function choose(item, suggestionId = "") {
  if (isCard(item)) ask(item, (micros) => addCard(item, micros, suggestionId), item.prices[0]?.unit_micros);
  else add(item, suggestionId);
}

// Another amount on a card in the basket, or none.
export function editCard(line, item) {
  ask(item, (micros) => setFace(line.id, micros), line.unitMicros);
}

function ask(item, work, micros) {
  const amount = field(words.onTheCard, { id: "till-face", inputMode: "decimal", autofocus: true, required: true, autocomplete: "off", onfocus: (event) => event.target.select() });
  const per = MICROS / 10 ** digits(shelf.currency);
  if (micros) amount.input.value = typed(Math.round(micros / per));
  const put = () => {
    const minor = amountOf(amount.input.value);
    if (!minor) throw new Error(words.noAmount);
    work(minor * per);
    hide();
  };
  show(nameOf(item), [el("p", { className: "muted" }, words.cardHint), form([amount], words.intoBasket, put)], { name: "face" });
}

// Shows by a notice that codes have come which nobody has seen; `showReceipt` opens their receipts.
export function startCards(showReceipt) {
  open = showReceipt;
  document.getElementById("till-cards-show").addEventListener("click", showUnseen);
  onTold((id, said) => said.cards && drawNotice());
  return forgetCodes().then(drawNotice);
}

export async function drawNotice() {
  document.getElementById("till-cards").hidden = !(await unseen()).length;
}

// The codes of a sale were on the screen.
export async function markSeen(receipt) {
  if (!receipt.cards || receipt.cardsSeen) return;
  await seen(receipt.id);
  await drawNotice();
}

const unseen = async () => (await receipts()).filter((one) => one.cards && !one.cardsSeen);

async function showUnseen() {
  const found = await unseen();
  if (found.length === 1) return open(found[0]);
  const rows = found.map((one) => button(`${moment(one.order.sold_at)} · ${one.cards.map((card) => money(card.amount_minor)).join(", ")}`, () => open(one), { className: "btn till-wide" }));
  show(words.cardsReady, rows, { name: "cards" });
}

// What a receipt says of the cards that it sold: their codes, or that these follow.
export function cardParts({ cards, sellsCards }) {
  if (cards) return [el("ul", { className: "till-codes" }, cards.map(cardPart))];
  return sellsCards ? [el("p", { className: "till-codes-follow" }, words.codesFollow)] : [];
}

function cardPart({ amount_minor, code, last_digits }) {
  const shown = code ? el("strong", { className: "till-code" }, code) : el("span", {}, filled(words.codeUntold, { digits: last_digits }));
  return el("li", {}, el("span", {}, filled(words.cardWorth, { amount: money(amount_minor) })), shown);
}
