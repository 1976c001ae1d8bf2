// The card form inside its frame. It speaks only with the page that framed it, from the origin that page declared,
// and gives it a payment method's identifier: never what was typed.
"use strict";

const query = new URLSearchParams(location.search);
const pageOrigin = query.get("origin");
const key = query.get("key");
const fields = { number: null, expiry: null, cvc: null };
for (const name of Object.keys(fields)) fields[name] = document.getElementById(name);

const VARIABLES = {
  colorPrimary: "--primary", colorBackground: "--surface", colorText: "--text", colorTextSecondary: "--quiet",
  colorDanger: "--danger", borderRadius: "--radius", fontFamily: "--font", fontSizeBase: "--size",
};

const tell = (message) => window.parent.postMessage({ sandbox: "element", ...message }, pageOrigin);
const digits = (field) => field.value.replace(/\D/g, "");
const isAmex = () => /^3[47]/.test(digits(fields.number));

function appear(appearance) {
  const root = document.documentElement;
  if (appearance.theme) root.dataset.theme = appearance.theme === "night" ? "dark" : "light";
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = (appearance.variables || {})[name];
    if (value) root.style.setProperty(variable, value);
  }
}

function invalid(code, message) {
  return { type: "validation_error", code, message };
}

// Each check answers with Stripe's validation error, or null.
const checks = {
  number() {
    const number = digits(fields.number);
    if (number.length < (isAmex() ? 15 : 16)) return invalid("incomplete_number", "Your card number is incomplete.");
    let sum = 0;
    [...number].reverse().forEach((digit, place) => {
      const value = Number(digit) * (place % 2 ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    });
    return sum % 10 ? invalid("invalid_number", "Your card number is invalid.") : null;
  },
  expiry() {
    const [month, year] = expiry();
    if (!month || year === null) return invalid("incomplete_expiry", "Your card's expiration date is incomplete.");
    const now = new Date();
    if (month > 12) return invalid("invalid_expiry_month", "Your card's expiration month is invalid.");
    const past = year < now.getFullYear() || (year === now.getFullYear() && month < now.getMonth() + 1);
    return past ? invalid("invalid_expiry_year_past", "Your card's expiration date is in the past.") : null;
  },
  cvc() {
    const complete = digits(fields.cvc).length === (isAmex() ? 4 : 3);
    return complete ? null : invalid("incomplete_cvc", "Your card's security code is incomplete.");
  },
};

// "12 / 34", "12/2034" and "1234" all mean December 2034.
function expiry() {
  const match = fields.expiry.value.replace(/\s/g, "").match(/^(\d{1,2})\/?(\d{2}|\d{4})$/);
  if (!match) return [0, null];
  return [Number(match[1]), Number(match[2]) + (match[2].length === 2 ? 2000 : 0)];
}

function show(name, error) {
  document.getElementById(`${name}-error`).textContent = error ? error.message : "";
  fields[name].setAttribute("aria-invalid", error ? "true" : "false");
}

// The first error, every field marked; the first wrong field gets the focus.
function validate() {
  let first = null;
  for (const [name, check] of Object.entries(checks)) {
    const error = check();
    show(name, error);
    if (error && !first) {
      first = error;
      fields[name].focus();
    }
  }
  return first;
}

async function createPaymentMethod(billing) {
  const error = validate();
  if (error) return { error };
  const [month, year] = expiry();
  const body = new URLSearchParams({
    type: "card",
    "card[number]": digits(fields.number),
    "card[exp_month]": month,
    "card[exp_year]": year,
    "card[cvc]": digits(fields.cvc),
  });
  for (const name of ["name", "email", "phone"]) {
    if (billing && billing[name]) body.set(`billing_details[${name}]`, billing[name]);
  }
  try {
    const answer = await fetch("/v1/payment_methods", {
      method: "POST", body, headers: { Authorization: `Bearer ${key}` },
    });
    const json = await answer.json();
    return answer.ok ? { paymentMethod: json.id } : { error: json.error };
  } catch {
    return { error: { type: "api_connection_error", message: "The payment service could not be reached." } };
  }
}

function changed() {
  const values = Object.values(fields).map((field) => field.value);
  tell({
    kind: "change",
    empty: values.every((value) => !value),
    complete: Object.values(checks).every((check) => check() === null),
  });
}

fields.number.addEventListener("input", () => {
  const groups = isAmex() ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?.*$/ : /^(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,7})?.*$/;
  const atEnd = fields.number.selectionStart === fields.number.value.length;
  if (atEnd) fields.number.value = digits(fields.number).replace(groups, (_, ...parts) =>
    parts.slice(0, -2).filter(Boolean).join(" "));
});
fields.expiry.addEventListener("input", (event) => {
  if (event.inputType === "deleteContentBackward") return;
  const typed = fields.expiry.value.replace(/[^\d/]/g, "");
  if (/^[2-9]$/.test(typed)) fields.expiry.value = `0${typed} / `;
  else if (/^\d{2}$/.test(typed)) fields.expiry.value = `${typed} / `;
  else if (/^\d{3,4}$/.test(typed)) fields.expiry.value = `${typed.slice(0, 2)} / ${typed.slice(2)}`;
});
for (const [name, field] of Object.entries(fields)) {
  field.addEventListener("input", () => { show(name, null); changed(); });
  field.addEventListener("change", () => { show(name, field.value ? checks[name]() : null); changed(); });
}
document.getElementById("card").addEventListener("submit", (event) => event.preventDefault());

window.addEventListener("message", async (event) => {
  if (event.source !== window.parent || event.origin !== pageOrigin || !event.data) return;
  const { sandbox, kind, id } = event.data;
  if (sandbox !== "page") return;
  if (kind === "appearance") appear(event.data.appearance || {});
  if (kind === "focus") fields.number.focus();
  if (kind === "validate") tell({ kind: "answer", id, error: validate() || undefined });
  if (kind === "create") tell({ kind: "answer", id, ...(await createPaymentMethod(event.data.billing)) });
});

new ResizeObserver(() => {
  tell({ kind: "height", height: Math.ceil(document.body.getBoundingClientRect().height) });
}).observe(document.body);
tell({ kind: "ready" });
