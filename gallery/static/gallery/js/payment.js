// The payment form is Stripe's own element: card numbers never touch this page. It pays, or (data-payment="setup") keeps a card.
(() => {
  "use strict";
  const form = document.querySelector("[data-payment]");
  if (!form) return;
  const keepsCard = form.dataset.payment === "setup";
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
    const wish = { elements, confirmParams: { return_url: returnUrl }, redirect: "if_required" };
    const { error, setupIntent } = await (keepsCard ? stripe.confirmSetup(wish) : stripe.confirmPayment(wish))
      .catch(() => ({ error: { message: "The payment service could not be reached. Please try again." } }));
    if (!error) return location.assign(keepsCard ? `${returnUrl}?setup_intent=${setupIntent.id}` : returnUrl);
    errors.textContent = error.message;
    form.removeAttribute("aria-busy");
    button.disabled = false;
  });
})();
