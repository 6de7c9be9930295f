// Sends what the till has sold, in order, until nothing waits. What is not taken stays, with what the server says of it.
import { Away, call, link, Refused, SignedOut } from "./server.js";
import { place } from "./shelf.js";
import { queued, raiseSequence, renumber, sent } from "./vault.js";

const AT_ONCE = 20;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

export const backlog = { count: 0, refusal: null };
const listeners = new Set();
let running = null;
let again = false;
let wait = FIRST_WAIT_MS;
let timer;

export function onBacklog(listener) {
  listeners.add(listener);
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
    await sent(orders.filter((one) => kept.has(one.id)).map((one) => one.sequence));
    wait = FIRST_WAIT_MS;
    if (answer.refusal) {
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

function age(soldAt) {
  return Math.max(0, Math.round((Date.now() - Date.parse(soldAt)) / 1000));
}

addEventListener("online", drain);
export const isAway = () => !link.online || link.person === null;
