// Pages of deals and papers: choices that send their form, the stage in view, and lines that are taken out.
import htmx from "./htmx.js";

// Forms of choices send themselves.
document.addEventListener("change", (event) => event.target.closest?.("[data-sends-itself]")?.requestSubmit());

// On a phone the stage of a deal may lie beyond the edge.
const stage = document.querySelector(".stage-step.is-current");
if (stage) stage.parentElement.scrollLeft = stage.offsetLeft - stage.parentElement.offsetLeft - stage.parentElement.clientWidth / 3;

// A line leaves the deal with its row.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-drop-line]")?.closest("tr");
  if (!row) return;
  const form = row.closest("form");
  row.remove();
  htmx.trigger(form, "submit");
});

// What is suggested becomes a line with one press.
document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-suggest]");
  if (!chip) return;
  const form = chip.closest("form");
  form.querySelector("[data-picked]").value = chip.dataset.suggest;
  form.querySelector("[data-suggested]").value = chip.dataset.suggestion;
  for (const one of form.querySelectorAll("[data-suggest]")) one.disabled = true;
  htmx.trigger(form, "submit");
});
