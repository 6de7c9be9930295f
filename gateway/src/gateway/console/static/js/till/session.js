// Which register this tablet is, and its session: float, cash in and out, X report, count and Z report.
import { amountOf, button, el, field, filled, form, hide, moment, money, show, toast, words } from "./dom.js";
import { backlog, drain } from "./queue.js";
import { call } from "./server.js";
import { keepPlace, place, shelf, synchronise } from "./shelf.js";
import { forgetRegister, read } from "./vault.js";

export const session = { changed: () => {} };

function tell() {
  keepPlace();
  session.changed();
}

// Asks which register this tablet is; `then` runs once it is chosen.
export async function chooseRegister(then) {
  const { registers } = await call("GET", "/v1/registers?page_size=200&order_by=name");
  const { stores } = await call("GET", "/v1/stores?page_size=200&order_by=name");
  const open = registers.filter((one) => one.active);
  const rows = open.map((register) => {
    const store = stores.find((one) => one.id === register.store_id);
    return button(`${store?.name ?? ""} · ${register.name}`, () => choose(register, store, then), { className: "btn till-wide", "data-register": register.id });
  });
  show(words.chooseRegister, rows.length ? rows : el("p", {}, words.noRegister), { name: "register" });
}

async function choose(register, store, then) {
  if (place.register?.id !== register.id && !(await forgetRegister())) {
    toast(words.waitForQueue, true);
    return;
  }
  Object.assign(place, { register, store, session: null });
  shelf.cursor = "";
  await keepPlace();
  hide();
  await then();
}

export function showSession() {
  if (place.session?.status === "open") openSession();
  else if (place.session?.status === "closing") countCash();
  else beginSession();
}

function beginSession() {
  const amount = field(words.float, { id: "till-float", inputMode: "decimal", required: true, autofocus: true, autocomplete: "off" });
  const work = async () => {
    const minor = amountOf(amount.input.value);
    if (minor === null) throw new Error(words.noAmount);
    const opening = { opening_float_minor: minor };
    const known = place.session?.status === "opening" ? place.session.id : null;
    place.session = known
      ? await call("POST", `/v1/pos-sessions/${known}:open`, opening)
      : await call("POST", "/v1/pos-sessions:start", { register_id: place.register.id, ...opening });
    tell();
    hide();
    drain();
  };
  show(words.openSession, [el("p", { className: "muted" }, words.floatHint), form([amount], words.openSession, work), another()], { name: "session" });
}

async function openSession() {
  const report = await call("GET", `/v1/pos-sessions/${place.session.id}/x-report`).catch(() => null);
  const parts = report ? figures(report) : [el("p", {}, words.needsNetwork)];
  const more = [
    button(words.cashIn, () => moveCash("in"), { className: "btn" }),
    button(words.cashOut, () => moveCash("out"), { className: "btn" }),
    button(words.print, () => print(), { className: "btn" }),
    button(words.closeSession, beginClosing, { className: "btn btn-primary", id: "till-close-session" }),
  ];
  show(words.xReport, [...parts, el("div", { className: "till-row no-print" }, more), another()], { name: "session" });
}

function another() {
  return button(words.otherRegister, () => chooseRegister(async () => (await synchronise(), session.changed())).catch((error) => toast(error.away ? words.needsNetwork : error.message, true)), { className: "btn till-wide no-print" });
}

function moveCash(kind) {
  const id = crypto.randomUUID();
  const amount = field(words.amount, { inputMode: "decimal", required: true, autofocus: true, autocomplete: "off" });
  const reason = field(words.why, { required: true, maxLength: 200, autocomplete: "off" });
  const work = async () => {
    const minor = amountOf(amount.input.value);
    if (!minor) throw new Error(words.noAmount);
    const movement = { id, kind, amount_minor: minor, reason: reason.input.value.trim() };
    await call("POST", `/v1/pos-sessions/${place.session.id}/cash-movements`, movement);
    openSession();
  };
  show(kind === "in" ? words.cashIn : words.cashOut, form([amount, reason], words.save, work), { name: "cash" });
}

async function beginClosing() {
  try {
    await drain();
    if (backlog.count) throw new Error(words.waitForQueue);
    const last = (await read("last_sequence")) ?? 0;
    place.session = await call("POST", `/v1/pos-sessions/${place.session.id}:beginClosing`, { last_sequence: last });
    tell();
    countCash();
  } catch (error) {
    toast(error.away ? words.needsNetwork : error.message, true);
  }
}

function countCash() {
  const counted = field(words.counted, { id: "till-counted", inputMode: "decimal", required: true, autofocus: true, autocomplete: "off" });
  const note = field(words.note, { maxLength: 500, autocomplete: "off" });
  const work = async () => {
    const minor = amountOf(counted.input.value);
    if (minor === null) throw new Error(words.noAmount);
    const report = await call("POST", `/v1/pos-sessions/${place.session.id}:close`, { counted_minor: minor, note: note.input.value.trim() });
    place.session = null;
    tell();
    showZ(report);
  };
  const resume = button(words.sellOn, async () => {
    place.session = await call("POST", `/v1/pos-sessions/${place.session.id}:resume`, {});
    tell();
    hide();
  }, { className: "btn till-wide" });
  show(words.closeSession, [el("p", { className: "muted" }, words.countHint), form([counted, note], words.close, work), resume], { name: "count" });
}

function showZ(report) {
  const parts = [...figures(report.figures), line(words.counted, money(report.counted_cash_minor)), line(words.difference, money(report.difference_minor))];
  show(filled(words.zReport, { number: report.number }), [el("div", { id: "till-receipt", className: "till-report" }, parts), el("div", { className: "till-row no-print" }, button(words.print, () => print()), button(words.done, hide, { className: "btn btn-primary" }))], { name: "z" });
}

function figures(report) {
  return [
    line(words.openedAt, moment(report.opened_at)),
    line(`${words.sales} (${report.sale_count})`, money(report.sales_minor)),
    line(`${words.returns} (${report.return_count})`, money(-report.returns_minor)),
    line(words.off, money(report.discount_minor)),
    ...report.payments.map((one) => line(`${words[one.method] ?? one.method} (${one.count})`, money(one.amount_minor))),
    ...report.taxes.map((one) => line(filled(words.taxOf, { rate: `${one.rate_basis_points / 100} %` }), money(one.tax_minor))),
    line(words.float, money(report.opening_float_minor)),
    line(words.cashIn, money(report.paid_in_minor)),
    line(words.cashOut, money(-report.paid_out_minor)),
    line(words.expected, money(report.expected_cash_minor), "is-total"),
  ];
}

function line(label, value, more = "") {
  return el("p", { className: `till-pair ${more}` }, el("span", {}, label), el("span", {}, value));
}
