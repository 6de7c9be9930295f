// What the till keeps on the tablet, in IndexedDB: the catalogue, what is still to be sent, receipts, and single values.
// A sale takes its number and its place in the queue in one transaction, so that it is there whole or not at all.
const NAME = "funia-till";
const VERSION = 1;
const RECEIPTS_KEPT = 200;
const CODES_KEPT_MS = 24 * 60 * 60 * 1_000;

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const database = request.result;
    database.createObjectStore("values");
    database.createObjectStore("items", { keyPath: "product_variant_id" });
    database.createObjectStore("queue", { keyPath: "sequence" });
    database.createObjectStore("receipts", { keyPath: "id" });
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Runs `work` on the stores named, and answers what it returned once everything is on the disk.
async function transact(stores, mode, work) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    work(...stores.map((name) => transaction.objectStore(name)), (value) => (answer = value));
  });
}

export function read(key) {
  return transact(["values"], "readonly", (values, done) => {
    values.get(key).onsuccess = (event) => done(event.target.result);
  });
}

export function write(key, value) {
  return transact(["values"], "readwrite", (values) => values.put(value, key));
}

function all(store) {
  return transact([store], "readonly", (from, done) => {
    from.getAll().onsuccess = (event) => done(event.target.result);
  });
}

export const items = () => all("items");
export const queued = () => all("queue");

// Newest first.
export const receipts = async () => (await all("receipts")).sort((a, b) => b.sequence - a.sequence);

// Lays a page of the catalogue over what is there; everything is forgotten first where it comes anew.
export function layItems(page, reset, shelf) {
  return transact(["items", "values"], "readwrite", (store, values) => {
    if (reset) store.clear();
    for (const item of page) {
      if (item.gone) store.delete(item.product_variant_id);
      else store.put(item);
    }
    values.put(shelf, "shelf");
  });
}

// An order as the tablet keeps it once it was sent: codes of gift cards are money, and are not kept.
const without = (order) => ({ ...order, payments: order.payments.map(({ gift_card_code, ...one }) => one) });

// Gives a sale the next number and puts it in the queue; `finish` completes it once the number is known. A sale that is
// there already (a second press of the button) is answered as it is.
export function enqueue(saleId, finish) {
  return transact(["values", "queue", "receipts"], "readwrite", (values, queue, kept, done) => {
    kept.get(saleId).onsuccess = ({ target: { result: known } }) => {
      if (known) return done(known);
      values.get("last_sequence").onsuccess = ({ target: { result: last } }) => {
        const receipt = finish((last ?? 0) + 1);
        values.put(receipt.sequence, "last_sequence");
        values.delete("basket");
        queue.put({ sequence: receipt.sequence, order: receipt.order, basket: receipt.basket });
        const { basket, ...rest } = receipt;
        kept.put({ ...rest, order: without(receipt.order) });
        done(rest);
      };
    };
  });
}

// Keeps a receipt whose number the server has taken in already, such as that of a return.
export function keepReceipt(receipt) {
  return transact(["values", "receipts"], "readwrite", (values, kept) => {
    values.put(receipt.sequence, "last_sequence");
    kept.put(receipt);
  });
}

// Takes sales out of the queue that the server has kept, and notes what it says of them, by the id of the sale.
export function sent(sequences, told) {
  return transact(["queue", "receipts"], "readwrite", (queue, kept) => {
    for (const sequence of sequences) queue.delete(sequence);
    for (const [id, said] of told) {
      kept.get(id).onsuccess = ({ target: { result: receipt } }) => {
        if (receipt) kept.put({ ...receipt, ...said });
      };
    }
    kept.getAll().onsuccess = ({ target: { result: found } }) => {
      const old = found.sort((a, b) => b.sequence - a.sequence).slice(RECEIPTS_KEPT).filter((one) => !one.cards || one.cardsSeen);
      for (const receipt of old) if (!sequences.includes(receipt.sequence)) kept.delete(receipt.id);
    };
  });
}

// Takes out a sale that the server has refused for good: it was not made.
export function drop({ sequence, order }) {
  return transact(["queue", "receipts"], "readwrite", (queue, kept) => {
    queue.delete(sequence);
    kept.delete(order.id);
  });
}

// The codes of the gift cards of a sale were on the screen.
export function seen(id) {
  return transact(["receipts"], "readwrite", (kept) => {
    kept.get(id).onsuccess = ({ target: { result: receipt } }) => {
      if (receipt) kept.put({ ...receipt, cardsSeen: true });
    };
  });
}

// Codes are money: a day after they came, those that were seen leave the tablet.
export function forgetCodes() {
  const before = Date.now() - CODES_KEPT_MS;
  return transact(["receipts"], "readwrite", (kept) => {
    kept.getAll().onsuccess = ({ target: { result: found } }) => {
      for (const one of found.filter(({ cards, cardsAt, cardsSeen }) => cards && cardsSeen && cardsAt < before)) {
        kept.put({ ...one, cards: one.cards.map((card) => ({ ...card, code: "" })) });
      }
    };
  });
}

export const receiptOf = (id) =>
  transact(["receipts"], "readonly", (kept, done) => {
    kept.get(id).onsuccess = (event) => done(event.target.result);
  });

// The server has other sales under our numbers (the tablet was emptied, or two tablets are one till): those that wait
// get the numbers after its last.
export function renumber(last) {
  return transact(["values", "queue", "receipts"], "readwrite", (values, queue, kept) => {
    queue.getAll().onsuccess = ({ target: { result: waiting } }) => {
      queue.clear();
      let sequence = last;
      for (const one of waiting.sort((a, b) => a.sequence - b.sequence)) {
        sequence += 1;
        one.order.sequence = sequence;
        queue.put({ ...one, sequence });
        kept.get(one.order.id).onsuccess = ({ target: { result: receipt } }) => {
          if (receipt) kept.put({ ...receipt, sequence: one.order.sequence, order: without(one.order) });
        };
      }
      values.put(sequence, "last_sequence");
    };
  });
}

// The number of the last receipt, never below what the server has.
export function raiseSequence(last) {
  return transact(["values", "queue"], "readwrite", (values, queue) => {
    queue.count().onsuccess = ({ target: { result: waiting } }) => {
      values.get("last_sequence").onsuccess = ({ target: { result: known } }) => {
        if (!waiting && last > (known ?? 0)) values.put(last, "last_sequence");
      };
    };
  });
}

// Another register: nothing of the one before is left, but what was not sent is never thrown away.
export function forgetRegister() {
  return transact(["values", "items", "queue", "receipts"], "readwrite", (values, store, queue, kept, done) => {
    queue.count().onsuccess = ({ target: { result: waiting } }) => {
      if (waiting) return done(false);
      for (const one of [values, store, kept]) one.clear();
      done(true);
    };
  });
}
