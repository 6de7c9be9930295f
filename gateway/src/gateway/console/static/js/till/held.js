// Money that the server holds for customers: points and gift cards. It takes them with the sale; here only is asked what
// there is. Without a network there is no telling, so they are refused with what to do.
import { basket, setCustomer } from "./basket.js";
import { filled, money, words } from "./dom.js";
import { look } from "./customer.js";
import { Away, call, link } from "./server.js";
import { shelf } from "./shelf.js";

function needsServer() {
  if (!link.online || !link.person) throw new Away();
}

// Points that pay at most so much, whole ones. Raises where the customer has none.
export async function pointsFor(amount, tenders) {
  needsServer();
  const asked = basket.customer?.card ?? basket.customer?.phone;
  if (!asked) throw new Error(words.findMemberFirst);
  const found = await look(asked);
  setCustomer(found);
  if (!found.points || !found.worth) throw new Error(words.noPoints);
  const value = found.worth / found.points;
  const spent = tenders.reduce((total, one) => total + (one.points ?? 0), 0);
  const points = Math.min(found.points - spent, Math.floor(amount / value));
  if (points <= 0) throw new Error(words.noPoints);
  return { points, amount_minor: points * value };
}

// What a gift card pays, at most so much. Raises where there is none, or nothing is left on it.
export async function findGiftCard(text, amount, tenders) {
  needsServer();
  const code = text.trim();
  if (!code) throw new Error(words.giftCardFirst);
  const card = await call("POST", "/v1/gift-cards:find", { code });
  const left = card.balance_amount.amount_minor - tenders.filter((one) => one.gift_card_code === code).reduce((total, one) => total + one.amount_minor, 0);
  if (card.status !== "active" || left <= 0 || card.balance_amount.currency_code !== shelf.currency) throw new Error(filled(words.nothingOnCard, { amount: money(Math.max(left, 0)) }));
  return { gift_card_code: code, amount_minor: Math.min(left, amount) };
}
