// The board of deals: cards go from column to column by mouse, touch and keyboard, here and in every open browser.
import Sortable from "sortablejs";
import htmx from "./htmx.js";
import { openDialog, showDialog } from "./dialogs.js";
import { showToast } from "./requests.js";
import { words } from "./words.js";

const board = document.querySelector("[data-board]");
const live = document.body.dataset.live;
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
// What this page moved itself comes back as an event, and needs no second look.
const moving = new Set();
let heads = 0;

const lists = () => [...board.querySelectorAll("[data-stage-cards]")];
const listOf = (stage) => board.querySelector(`[data-stage-cards="${CSS.escape(stage)}"]`);
const cardOf = (id) => board.querySelector(`[data-card][data-id="${CSS.escape(id)}"]`);

function refreshHeads() {
  clearTimeout(heads);
  heads = setTimeout(async () => {
    const answer = await fetch(board.dataset.heads, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const head of page.querySelectorAll(".stage-head")) document.getElementById(head.id)?.replaceWith(head);
  }, 250);
}

function replaceCard(old, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const card = holder.content.firstElementChild;
  old.replaceWith(card);
  htmx.process(card);
  return card;
}

function putBack(card, { list, before }) {
  list.insertBefore(card, before);
}

async function move(card, stage, place) {
  const address = `/deals/${card.dataset.id}/move`;
  const body = new URLSearchParams({ stage_id: stage, etag: card.dataset.etag, from: "board" });
  if (listOf(stage).closest("[data-category]").dataset.category === "lost") {
    putBack(card, place);
    await openDialog(`${address}?stage_id=${stage}`);
    return;
  }
  moving.add(card.dataset.id);
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": token, "HX-Request": "true" } });
  } catch {
    putBack(card, place);
    showToast({ sentence: words.offline, failed: true });
    return;
  }
  if (answer.ok) {
    if (card.closest(".drop-zones")) {
      card.remove();
      showToast({ sentence: words.moved });
    } else replaceCard(card, await answer.text()).focus({ preventScroll: true });
  } else {
    putBack(card, place);
    if ([400, 409, 422].includes(answer.status) && !answer.headers.get("HX-Trigger")) {
      showDialog(await answer.text());
    } else {
      toastOf(answer);
      changed(card.dataset.id);
    }
  }
  refreshHeads();
}

function toastOf(answer) {
  const said = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}")["funia:toast"];
  showToast(said ?? { sentence: words.failed, failed: true });
}

async function changed(id) {
  const answer = await fetch(`/deals/${id}/card`, { headers: { "HX-Request": "true" } });
  const card = cardOf(id);
  if (!answer.ok) {
    card?.remove();
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const fresh = holder.content.firstElementChild;
  const list = listOf(fresh.dataset.stage);
  if (card && card.dataset.stage === fresh.dataset.stage) card.replaceWith(fresh);
  else {
    card?.remove();
    // With a filter only the server knows what belongs here: cards that are shown move, others stay away.
    if (list && (card || !board.dataset.filter)) list.prepend(fresh);
  }
  htmx.process(fresh);
}

if (board?.hasAttribute("data-moves")) {
  for (const list of lists()) {
    Sortable.create(list, {
      group: "deals",
      draggable: "[data-card]",
      filter: ".more-cards",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      onStart: () => board.classList.add("is-dragging"),
      onEnd: ({ item, from, to, oldDraggableIndex }) => {
        board.classList.remove("is-dragging");
        const before = [...from.querySelectorAll("[data-card]")].filter((one) => one !== item)[oldDraggableIndex] ?? from.querySelector(".more-cards");
        if (from !== to) move(item, to.dataset.stageCards, { list: from, before });
        else putBack(item, { list: from, before });
      },
    });
  }
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card || event.target !== card) return;
    const all = lists();
    const at = all.indexOf(card.parentElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && event.shiftKey) {
      event.preventDefault();
      const to = all[at + step];
      if (!to) return;
      const place = { list: card.parentElement, before: card.nextElementSibling };
      to.prepend(card);
      card.focus();
      move(card, to.dataset.stageCards, place);
    } else if (step) {
      event.preventDefault();
      for (let next = at + step; all[next]; next += step) {
        const first = all[next].querySelector("[data-card]");
        if (first) return void first.focus();
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      (event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling)?.focus?.();
    } else if (event.key === "Enter") {
      location.assign(card.querySelector("a").href);
    }
  });
}

if (board && live) {
  const address = new URL(live, location.href);
  address.searchParams.set("types", "sales.deal.");
  const stream = new EventSource(address, { withCredentials: true });
  stream.addEventListener("message", (event) => {
    const { subject_id: id } = JSON.parse(event.data);
    if (!id) return;
    if (!moving.delete(id)) changed(id);
    refreshHeads();
  });
  stream.addEventListener("resync", () => location.reload());
  stream.addEventListener("ended", () => stream.close());
  addEventListener("pagehide", () => stream.close());
}
