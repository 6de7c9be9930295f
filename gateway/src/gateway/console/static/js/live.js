// Live figures: an event from the stream makes the parts that show it ask again, at most once a second.
import htmx from "./htmx.js";
import { words } from "./words.js";

const address = document.body.dataset.live;
const parts = () => [...document.querySelectorAll("[data-live-part]")];
const GATHER_MS = 700;
// The report counts an event a moment after it happened; a second look catches what the first came too early for.
const AGAIN_MS = 2500;
let waiting = 0;

async function refresh() {
  waiting = 0;
  for (const part of parts()) {
    if (part.querySelector("details[open]") || document.hidden) continue;
    const chosen = part.querySelector('[data-period][aria-pressed="true"]')?.dataset.period;
    const where = new URL(part.dataset.livePart, location.origin);
    if (chosen) where.searchParams.set("period", chosen);
    await htmx.ajax("GET", where.pathname + where.search, { target: "#figures", swap: "outerHTML" });
    const mark = part.querySelector("[data-live-mark]");
    if (mark) mark.textContent = ` · ${words.live}`;
  }
}

function happened() {
  if (!waiting) waiting = setTimeout(refresh, GATHER_MS);
  clearTimeout(happened.again);
  happened.again = setTimeout(refresh, AGAIN_MS);
}

if (address && parts().length) {
  const stream = new EventSource(address, { withCredentials: true });
  stream.addEventListener("message", happened);
  stream.addEventListener("activity", happened);
  stream.addEventListener("resync", happened);
  stream.addEventListener("ended", () => stream.close());
  addEventListener("pagehide", () => stream.close());
}
