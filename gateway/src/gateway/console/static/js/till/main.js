// The till's page: opens from the tablet, sells with or without a network, and sends what was sold as soon as it can.
import { restore } from "./basket.js";
import { draw as drawBill, startBill } from "./bill.js";
import { filled, toast, words } from "./dom.js";
import { startCards } from "./cards.js";
import { draw as drawGoods, startGoods } from "./goods.js";
import { backlog, drain, onBacklog } from "./queue.js";
import { showReceipt, showReceipts } from "./receipt.js";
import { takeBack } from "./returns.js";
import { link, meet, onLink } from "./server.js";
import { chooseRegister, session, showSession } from "./session.js";
import { keepPlace, load, place, synchronise } from "./shelf.js";
import { queued } from "./vault.js";

const EVERY_MS = 20_000;
const byId = (id) => document.getElementById(id);

// Looks for the server, reads what has changed and sends what waits. Whatever is missing comes with the next look.
async function refresh() {
  try {
    place.person = await meet();
    if (!place.register) {
      if (!byId("till-dialog").open) await chooseRegister(refresh);
      return;
    }
    if (await synchronise()) {
      drawGoods();
      drawBill();
    }
    await keepPlace();
    await drain();
  } catch (error) {
    if (!error.away && !error.signedOut && !error.status) throw error;
    if (error.status) toast(error.message, true);
  } finally {
    drawState();
  }
}

function drawState() {
  const { register, store, session: open } = place;
  byId("till-place").textContent = register ? `${store?.name ?? ""} · ${register.name}` : words.chooseRegister;
  byId("till-person").textContent = link.person?.name ?? place.person?.name ?? "";
  const state = !link.online ? "offline" : link.person ? "online" : "signed-out";
  const label = { offline: words.offline, online: words.online, "signed-out": words.signedOut }[state];
  byId("till-link").dataset.state = state;
  byId("till-link").textContent = backlog.count ? `${label} · ${filled(words.waiting, { count: backlog.count })}` : label;
  byId("till-link").dataset.waiting = backlog.count;
  byId("till-sign-in").hidden = state !== "signed-out";
  byId("till-session").dataset.state = open?.status ?? "none";
  byId("till-session-label").textContent = open?.status === "open" ? words.session : words.openSession;
  const refusal = byId("till-refusal");
  refusal.hidden = !backlog.refusal;
  refusal.textContent = backlog.refusal ? filled(words.notTaken, { message: backlog.refusal.message }) : "";
  document.body.dataset.ready = "yes";
}

async function start() {
  startGoods();
  startBill();
  session.changed = drawState;
  onLink(drawState);
  onBacklog(drawState);
  byId("till-session").addEventListener("click", () => place.register && showSession());
  byId("till-receipts").addEventListener("click", showReceipts);
  byId("till-return").addEventListener("click", takeBack);
  byId("till-bill-toggle").addEventListener("click", () => document.body.classList.toggle("shows-bill"));
  await load();
  await restore();
  await startCards(showReceipt);
  backlog.count = (await queued()).length;
  drawGoods();
  drawBill();
  drawState();
  // A browser without workers still sells; only opening the page again needs the network then.
  navigator.serviceWorker?.register("/till/worker.js", { scope: "/till" }).catch(() => {});
  navigator.storage?.persist?.();
  await refresh();
  setInterval(refresh, EVERY_MS);
  addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
}

start();
