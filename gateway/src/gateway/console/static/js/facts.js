// Fields edited where they stand: Enter saves, Escape takes back, a conflict asks.
import htmx from "./htmx.js";

document.addEventListener("keydown", (event) => {
  const control = event.target;
  const form = control.closest?.("[data-fact]");
  if (!form) return;
  if (event.key === "Escape" && "defaultValue" in control) {
    control.value = control.defaultValue;
    control.blur();
    event.stopPropagation();
  } else if (event.key === "Enter" && control.matches("input:not([type=checkbox]):not([type=radio])")) {
    event.preventDefault();
    if (form.querySelector("[data-quiet]")) htmx.trigger(form, "submit");
    else control.blur();
  }
});

// An answer to a question of the form is sent by its button, not on every change.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-quiet]")) event.stopPropagation();
}, true);

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-overwrite]")) return;
  const form = event.target.closest("form");
  const agreed = document.createElement("input");
  Object.assign(agreed, { type: "hidden", name: "overwrite", value: "1" });
  form.append(agreed);
  htmx.trigger(form, "submit");
});

// A spare row gets its kind as soon as something stands in it.
document.addEventListener("input", (event) => {
  const row = event.target.closest?.(".many-spare");
  const kind = row?.querySelector("select");
  if (kind) kind.hidden = !event.target.value;
});

// What is changed while the field is being saved is neither swapped away nor sent with what the record was before:
// the form stays, takes over what was saved, and goes out once more.
const underWay = new WeakSet();
const changedSince = new WeakSet();
const factOf = (event) => event.target.closest?.("[data-fact]");
const sentForm = (event) => {
  const element = event.detail.ctx.sourceElement;
  return element.matches("[data-fact]") ? element : null;
};

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-quiet]") && underWay.has(factOf(event))) changedSince.add(factOf(event));
}, true);
document.addEventListener("htmx:before:request", (event) => {
  if (sentForm(event)) underWay.add(sentForm(event));
});
document.addEventListener("htmx:after:request", (event) => {
  const form = sentForm(event);
  const { response, text, request } = event.detail.ctx;
  if (!form || response.status >= 400) return;
  if (String(new URLSearchParams(new FormData(form))) === String(request.body)) return;
  event.preventDefault();
  const saved = new DOMParser().parseFromString(text, "text/html");
  for (const name of ["was", "etag"]) form.elements[name].value = saved.querySelector(`[name="${name}"]`).value;
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = sentForm(event);
  if (!form) return;
  underWay.delete(form);
  // Only once the request has left its queue does the form take another.
  if (changedSince.delete(form)) setTimeout(() => htmx.trigger(form, "submit"));
});
