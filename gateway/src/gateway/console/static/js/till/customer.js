// Who buys: by phone number or card where there is a network; else the number is noted and goes with the sale.
import { basket, setCustomer } from "./basket.js";
import { button, el, field, form, hide, show, words } from "./dom.js";
import { call } from "./server.js";

const CARD = /^[A-Za-z0-9-]{4,40}$/;

export function chooseCustomer() {
  const input = field(words.phoneOrCard, { id: "till-customer-number", autofocus: true, maxLength: 40, autocomplete: "off", required: true });
  const work = async () => {
    const text = input.input.value.trim();
    try {
      setCustomer(await find(text));
    } catch (error) {
      const card = text.replaceAll(/[\s+()]/g, "");
      if (!error.away || !CARD.test(card)) throw error;
      setCustomer({ card, name: card });
    }
    hide();
  };
  const none = button(words.noCustomer, () => (setCustomer(null), hide()), { className: "btn till-wide" });
  show(words.customer, [el("p", { className: "muted" }, words.customerHint), form([input], words.find, work), basket.customer ? none : null], { name: "customer" });
}

async function find(text) {
  const query = new URLSearchParams(text.includes("@") ? { email: text } : { phone: text });
  const contact = await call("GET", `/v1/contacts:lookup?${query}`);
  return { contactId: contact.id, name: [contact.given_name, contact.family_name].filter(Boolean).join(" ") };
}
