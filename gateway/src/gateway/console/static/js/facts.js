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
