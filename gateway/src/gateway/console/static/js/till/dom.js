// Making and showing parts of the till's page, and writing and reading amounts.
import { icon, words } from "../words.js";
import { digits } from "./prices.js";
import { shelf } from "./shelf.js";

const TOAST_MS = 6_000;
const language = document.documentElement.lang || "en";
export { icon, words };

// An element. Properties that begin with "on" are listeners, those with a dash attributes.
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export const button = (label, onclick, more = {}) => el("button", { type: "button", className: "btn", onclick, ...more }, label);

export function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

export function money(minor) {
  const places = digits(shelf.currency);
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: shelf.currency,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(minor / 10 ** places);
}

// Minor units of what somebody typed, with comma or point; null where it is no amount.
export function amountOf(text) {
  const read = text.trim().replaceAll(/[\s\u00a0]/g, "").replace(",", ".");
  if (!/^\d{1,9}(\.\d{0,3})?$/.test(read)) return null;
  return Math.round(Number(read) * 10 ** digits(shelf.currency));
}

export function typed(minor) {
  const places = digits(shelf.currency);
  return (minor / 10 ** places).toFixed(places);
}

export function quantity(milli) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(milli / 1000);
}

export function moment(text) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

// Opens the dialog with a heading and these parts; closing it by key or button runs `closed`.
export function show(title, parts, { closed = () => {}, name = "" } = {}) {
  const dialog = document.getElementById("till-dialog");
  const head = el(
    "header",
    { className: "till-dialog-head" },
    el("h2", { id: "till-dialog-title" }, title),
    el("button", { type: "button", className: "icon-button", "aria-label": words.close, onclick: hide }, icon("x")),
  );
  dialog.dataset.name = name;
  dialog.replaceChildren(head, el("div", { className: "till-dialog-body" }, parts));
  dialog.onclose = closed;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return dialog;
}

export function hide() {
  document.getElementById("till-dialog").close();
}

export function field(label, properties) {
  const input = el(properties.options ? "select" : "input", { className: properties.options ? "form-select" : "form-control", ...properties });
  for (const [value, text] of properties.options ?? []) input.append(el("option", { value }, text));
  const box = el("label", { className: "till-field" }, el("span", {}, label), input);
  box.input = input;
  return box;
}

// A form that runs `work` once at a time, and shows what was refused.
export function form(parts, label, work) {
  const problem = el("p", { className: "till-problem", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", className: "btn btn-primary till-wide" }, label);
  const made = el("form", { className: "till-form" }, parts, problem, submit);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    problem.hidden = true;
    try {
      await work();
    } catch (error) {
      problem.textContent = reasonOf(error);
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  return made;
}

export function reasonOf(error) {
  if (error.away) return words.needsNetwork;
  if (error.signedOut) return words.signInFirst;
  return error.message;
}

export function toast(sentence, failed = false) {
  const made = el("div", { className: failed ? "toast-box is-failed" : "toast-box", role: "status" }, sentence);
  document.getElementById("toasts").append(made);
  setTimeout(() => made.remove(), TOAST_MS);
}
