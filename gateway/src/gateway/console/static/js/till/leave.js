// Leave to give more than the discount policy: somebody who may give it signs in on the spot, for this one sale.
import { basket, setLeave } from "./basket.js";
import { el, field, form, hide, show, toast, words } from "./dom.js";
import { link, post } from "./server.js";
import { place } from "./shelf.js";

// Asks for it, and runs `then` once it was given.
export function askLeave(then) {
  if (!link.online || !link.person) {
    toast(words.discountNeedsNetwork, true);
    return;
  }
  const email = field(words.email, { type: "email", required: true, autocomplete: "off", autofocus: true });
  const password = field(words.password, { type: "password", required: true, autocomplete: "off" });
  const code = field(words.code, { inputMode: "numeric", autocomplete: "off" });
  code.hidden = true;
  let ticket = "";
  const work = async () => {
    const answer = await post("/till/leave", {
      email: email.input.value,
      password: password.input.value,
      code: code.input.value,
      ticket,
      register_id: place.register.id,
      till_order_id: basket.id,
    });
    if (answer.ticket) {
      ticket = answer.ticket;
      email.hidden = password.hidden = true;
      email.input.required = password.input.required = false;
      code.hidden = false;
      code.input.focus();
      return;
    }
    setLeave(answer.discount_grant, answer.granted_by_name);
    hide();
    then();
  };
  show(words.leaveTitle, [el("p", {}, words.leaveWhy), form([email, password, code], words.agree, work)], { name: "leave" });
}
