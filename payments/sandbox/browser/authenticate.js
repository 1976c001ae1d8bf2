// The bank's page inside Stripe.js's dialog: tell the page that opened us when it is over. What it says is no secret
// (the page asks the API for the result), and it is said to the declared origin only.
"use strict";

const origin = new URLSearchParams(location.search).get("origin");
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
if (document.documentElement.dataset.done && origin && window.parent !== window) {
  window.parent.postMessage({ sandbox: "authenticated" }, origin);
}
