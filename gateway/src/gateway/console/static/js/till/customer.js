// Who buys: by card, phone number or e-mail address where there is a network; else what was said is noted and goes with
// the sale, and the server finds the member when it comes.
import { basket, setCustomer } from "./basket.js";
import { button, el, field, filled, form, hide, money, quantity, show, toast, words } from "./dom.js";
import { call } from "./server.js";
import { shelf } from "./shelf.js";

const CARD = /^[A-Za-z0-9-]{4,40}$/;
const PHONE = /^\+?[\d\s()/.-]{6,40}$/;
const OWN_CARD = /^29\d{11}$/;

export function chooseCustomer() {
  const input = field(words.phoneOrCard, { id: "till-customer-number", autofocus: true, maxLength: 40, autocomplete: "off", required: true });
  const work = async () => {
    setCustomer(await whoIs(input.input.value.trim()));
    hide();
  };
  const none = button(words.noCustomer, () => (setCustomer(null), hide()), { className: "btn till-wide" });
  const known = basket.customer?.points === undefined ? null : el("p", { id: "till-member" }, describe(basket.customer));
  show(words.customer, [known, el("p", { className: "muted" }, words.customerHint), form([input], words.find, work), basket.customer ? none : null].filter(Boolean), { name: "customer" });
}

// A card of this company that was scanned where goods are; whether it was one.
export async function scanned(text) {
  if (!isOwnCard(text)) return false;
  try {
    setCustomer(await whoIs(text));
    toast(describe(basket.customer));
  } catch (error) {
    toast(error.message, true);
  }
  return true;
}

// EAN-13 numbers that begin with 29 and whose check digit is right: never a phone number.
export function isOwnCard(text) {
  const digits = [...text.trim()].map(Number);
  if (!OWN_CARD.test(text.trim())) return false;
  const weighed = digits.slice(0, 12).reduce((sum, one, at) => sum + one * (at % 2 ? 3 : 1), 0);
  return (10 - (weighed % 10)) % 10 === digits[12];
}

async function whoIs(text) {
  try {
    return await look(text);
  } catch (error) {
    if (!error.away && !error.signedOut) throw error;
    return noted(text);
  }
}

// What is known of a customer by what was typed or scanned.
export async function look(text) {
  const { member, contact_id, account_id, tier_name, points_worth, credits } = await call("GET", `/v1/customers:find?${new URLSearchParams({ query: text })}`);
  const mine = (credits ?? []).find((one) => one.currency_code === shelf.currency);
  return {
    contactId: contact_id,
    accountId: account_id,
    card: member?.card_number ?? "",
    name: member?.name || (await nameOf(contact_id)) || member?.phone || member?.card_number || text,
    tier: tier_name ?? "",
    points: member?.available_points ?? 0,
    worth: points_worth?.currency_code === shelf.currency ? points_worth.amount_minor : 0,
    credits: mine?.amount_minor ?? 0,
  };
}

async function nameOf(contactId) {
  if (!contactId) return "";
  const contact = await call("GET", `/v1/contacts/${contactId}`).catch(() => ({}));
  return [contact.given_name, contact.family_name].filter(Boolean).join(" ");
}

// Without a network: a card, or a phone number where it is written as one.
function noted(text) {
  const card = text.replaceAll(/\s/g, "");
  const isPhone = PHONE.test(text) && (text.startsWith("+") || text.startsWith("0")) && !isOwnCard(card);
  if (isPhone) return { phone: text, name: text };
  if (!CARD.test(card)) throw new Error(words.needsNetwork);
  return { card, name: card };
}

function describe({ name, tier, points, worth, card }) {
  const said = points === undefined ? card ?? "" : filled(words.pointsAre, { count: quantity(points * 1_000), amount: money(worth) });
  return [name, tier, said].filter((one, at, all) => one && all.indexOf(one) === at).join(" · ");
}
