// The payment form is Stripe's own element: card numbers never touch this page.
(() => {
  "use strict";
  const form = document.querySelector("[data-payment]");
  if (!form) return;
  const { publishableKey, clientSecret, returnUrl } = form.dataset;
  const button = form.querySelector("button");
  const errors = form.querySelector("[data-payment-errors]");
  if (!window.Stripe) {
    errors.textContent = "The payment form could not be loaded. Please check your connection and reload.";
    return;
  }
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const stripe = window.Stripe(publishableKey);
  const elements = stripe.elements({ clientSecret, appearance: { theme: isDark ? "night" : "stripe" } });
  const element = elements.create("payment");
  element.on("ready", () => { button.disabled = false; });
  element.mount("#payment");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    form.setAttribute("aria-busy", "true");
    errors.textContent = "";
    const { error } = await stripe
      .confirmPayment({ elements, confirmParams: { return_url: returnUrl }, redirect: "if_required" })
      .catch(() => ({ error: { message: "The payment service could not be reached. Please try again." } }));
    if (!error) return location.assign(returnUrl);
    errors.textContent = error.message;
    form.removeAttribute("aria-busy");
    button.disabled = false;
  });
})();
