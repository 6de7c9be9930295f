// Coupons. The server says what a code is worth. A coupon that anybody may use as often as they like is remembered for the
// day, and so can be taken without a network; any other has to be looked at by the server.
import { basket, setCoupons } from "./basket.js";
import { filled, words } from "./dom.js";
import { call } from "./server.js";
import { place, shelf } from "./shelf.js";
import { read, write } from "./vault.js";

// Adds the coupon of a code to the basket. Raises where it does not hold here.
export async function takeCoupon(text) {
  const code = text.trim().toUpperCase();
  if (!/^[^"\\]{1,40}$/.test(code)) throw new Error(words.couponUnknown);
  if (basket.coupons.some((one) => one.code.toUpperCase() === code)) return;
  const coupon = await look(code);
  check(coupon);
  setCoupons([...basket.coupons, coupon]);
}

async function look(code) {
  const known = (await read("coupons")) ?? {};
  try {
    const { coupons } = await call("GET", `/v1/coupons?${new URLSearchParams({ filter: `code = "${code}"`, page_size: 1 })}`);
    const coupon = coupons.find((one) => one.active !== false);
    if (!coupon) throw new Error(words.couponUnknown);
    if (!coupon.max_uses && !coupon.max_uses_per_customer) await write("coupons", { ...known, [code]: { coupon, day: today() } });
    return coupon;
  } catch (error) {
    if (!error.away && !error.signedOut) throw error;
    if (known[code]?.day !== today()) throw new Error(words.couponNeedsNetwork);
    return known[code].coupon;
  }
}

function today() {
  return new Date().toLocaleDateString("sv-SE", { timeZone: place.store?.time_zone || undefined });
}

function check(coupon) {
  const day = today();
  const currency = coupon.discount_amount?.currency_code || coupon.min_amount?.currency_code || "";
  const holds =
    (!coupon.valid_from || coupon.valid_from <= day) &&
    (!coupon.valid_to || day <= coupon.valid_to) &&
    (!coupon.store_id || coupon.store_id === place.store.id) &&
    (!coupon.channel || coupon.channel === "pos") &&
    !coupon.segment &&
    (!currency || currency === shelf.currency);
  if (!holds) throw new Error(filled(words.couponNotHere, { code: coupon.code }));
  if (coupon.max_uses && coupon.uses >= coupon.max_uses) throw new Error(filled(words.couponUsedUp, { code: coupon.code }));
}
