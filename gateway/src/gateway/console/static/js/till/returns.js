// Goods that come back, by the number of their receipt: what is left of it, how much comes back, and the money for it.
import { button, el, field, form, hide, money, quantity, show, words } from "./dom.js";
import { backlog, drain } from "./queue.js";
import { showReceipt } from "./receipt.js";
import { call } from "./server.js";
import { place } from "./shelf.js";
import { keepReceipt, read } from "./vault.js";

export function takeBack() {
  const number = field(words.receiptNumber, { id: "till-return-number", required: true, autofocus: true, maxLength: 60, autocomplete: "off" });
  const work = async () => {
    if (place.session?.status !== "open") throw new Error(words.openSessionFirst);
    await drain();
    if (backlog.count) throw new Error(words.waitForQueue);
    chooseLines(await call("GET", `/v1/till-receipts:find?${new URLSearchParams({ number: number.input.value })}`));
  };
  show(words.takeBack, [el("p", { className: "muted" }, words.takeBackHint), form([number], words.find, work)], { name: "return" });
}

function chooseLines(receipt) {
  const id = crypto.randomUUID();
  const rows = receipt.lines.map((line) => {
    const left = (line.quantity_milli - line.returned_milli) / 1000;
    const count = field(`${line.name} · ${quantity(line.quantity_milli)} · ${money(line.gross_minor)}`, { type: "number", min: 0, max: left, step: left % 1 ? "any" : 1, value: 0, disabled: left <= 0 });
    return { line, count };
  });
  const reason = field(words.why, { required: true, maxLength: 200, autocomplete: "off" });
  const method = field(words.how, { options: [["", words.asPaid], ["cash", words.cash], ["card", words.card]] });
  const damaged = el("input", { type: "checkbox" });
  const work = async () => {
    const lines = rows
      .map(({ line, count }) => ({ line_id: line.id, quantity_milli: Math.round(Number(count.input.value) * 1000), damaged: damaged.checked }))
      .filter((one) => one.quantity_milli > 0);
    if (receipt.kind !== "sale" || !lines.length) throw new Error(words.chooseWhatComesBack);
    const sequence = ((await read("last_sequence")) ?? 0) + 1;
    const back = await call("POST", `/v1/registers/${place.register.id}/till-returns`, {
      id,
      session_id: place.session.id,
      sequence,
      order_id: receipt.order_id,
      lines,
      reason: reason.input.value.trim(),
      method: method.input.value,
    });
    const kept = { id, sequence, kind: "return", soldAt: back.sold_at, lines: back.lines, gross: back.gross_minor, payments: back.payments };
    await keepReceipt(kept);
    hide();
    showReceipt(kept);
  };
  const box = el("label", { className: "till-check" }, damaged, words.damaged);
  show(`${words.takeBack} · ${receipt.number}`, [form([...rows.map((one) => one.count), box, reason, method], words.giveBack, work), button(words.cancel, hide, { className: "btn till-wide" })], { name: "return" });
}
