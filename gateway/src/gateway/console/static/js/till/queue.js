// Sends what the till has sold, in order, until nothing waits. What is not taken stays, with what the server says of it.
import { parkOf } from "./basket.js";
import { filled, toast, words } from "./dom.js";
import { Away, call, link, Refused, SignedOut } from "./server.js";
import { place } from "./shelf.js";
import { drop, queued, raiseSequence, renumber, sent } from "./vault.js";

const AT_ONCE = 20;
// Money that the server holds: a sale paid so is made when the server has taken it, and not before.
export const HELD = new Set(["points", "gift_card"]);
const OF_THE_TURN = new Set(["SEQUENCE_TAKEN", "SEQUENCE_GAP", "SESSION_CLOSED"]);
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

export const backlog = { count: 0, refusal: null };
const listeners = new Set();
const toldListeners = new Set();
const refusedIds = new Set();
let running = null;
let again = false;
let wait = FIRST_WAIT_MS;
let timer;

export function onBacklog(listener) {
  listeners.add(listener);
}

// Runs `listener` with the id of a sale and what the server says of it (`whatIsTold`) as soon as it has it.
export function onTold(listener) {
  toldListeners.add(listener);
}

function tell(changes) {
  Object.assign(backlog, changes);
  for (const one of listeners) one(backlog);
}

// Sends now, and again after a while where it could not. Only one runs at a time, in all tabs of the till.
export function drain() {
  if (running) {
    again = true;
    return running;
  }
  clearTimeout(timer);
  running = navigator.locks
    .request("funia-till-queue", sendAll)
    .catch((error) => {
      if (!(error instanceof Away || error instanceof SignedOut || error instanceof Refused)) throw error;
      if (error instanceof Refused) tell({ refusal: { reason: error.reason, message: error.message } });
      retryLater();
    })
    .finally(() => {
      running = null;
      if (again) {
        again = false;
        drain();
      }
    });
  return running;
}

function retryLater() {
  timer = setTimeout(drain, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

// Sends a sale that was just queued, and says what came of it: "taken", "refused" or, where no answer came, "waiting".
export async function sendNow(id) {
  await drain();
  while (running) await running;
  if ((await queued()).some((one) => one.order.id === id)) return "waiting";
  return refusedIds.delete(id) ? "refused" : "taken";
}

// A sale that was to be paid with money the server holds, and was not: its basket is parked, those after it move up.
async function putBack(waiting, refusal) {
  refusedIds.add(waiting.order.id);
  if (waiting.basket) await parkOf(waiting.basket);
  await drop(waiting);
  toast(filled(words.notPaid, { message: refusal.message }), true);
}

async function sendAll() {
  for (;;) {
    const waiting = (await queued()).sort((a, b) => a.sequence - b.sequence);
    tell({ count: waiting.length });
    if (!waiting.length) {
      wait = FIRST_WAIT_MS;
      tell({ refusal: null });
      return;
    }
    const orders = waiting.slice(0, AT_ONCE).map(({ order }) => ({ ...order, age_seconds: age(order.sold_at) }));
    const answer = await call("POST", `/v1/registers/${place.register.id}/till-orders`, { orders });
    const kept = new Set(answer.receipts.map((one) => one.id));
    const told = answer.receipts.map((one) => [one.id, whatIsTold(one)]);
    await sent(orders.filter((one) => kept.has(one.id)).map((one) => one.sequence), told);
    for (const [id, said] of told) for (const one of toldListeners) one(id, said);
    wait = FIRST_WAIT_MS;
    const refused = answer.refusal && waiting.find((one) => one.order.id === answer.refusal.id);
    if (refused?.order.payments.some((one) => HELD.has(one.method)) && !OF_THE_TURN.has(answer.refusal.reason)) {
      await putBack(refused, answer.refusal);
      await renumber(answer.last_sequence);
    } else if (answer.refusal) {
      tell({ count: (await queued()).length, refusal: answer.refusal });
      if (answer.refusal.reason !== "SEQUENCE_TAKEN" && answer.refusal.reason !== "SEQUENCE_GAP") {
        retryLater();
        return;
      }
      await renumber(answer.last_sequence);
    } else {
      await raiseSequence(answer.last_sequence);
    }
  }
}

// What only the server knows of a sale: its points, the codes of gift cards that it sold, and what is left on those that paid.
function whatIsTold({ points, gift_cards, payments }) {
  const said = {};
  if (points) said.points = points;
  if (gift_cards?.length) Object.assign(said, { cards: gift_cards, cardsAt: Date.now() });
  const left = (payments ?? []).filter((one) => one.gift_card_last_digits);
  if (left.length) said.left = left.map((one) => ({ digits: one.gift_card_last_digits, minor: one.left_minor ?? 0 }));
  return said;
}

function age(soldAt) {
  return Math.max(0, Math.round((Date.now() - Date.parse(soldAt)) / 1000));
}

addEventListener("online", drain);
export const isAway = () => !link.online || link.person === null;
