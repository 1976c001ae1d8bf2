// The payment form is Stripe's own element: card numbers never touch this page. It pays, or (data-payment="setup") keeps a card.
(() => {
  "use strict";
  const form = document.querySelector("[data-payment]");
  if (!form) return;
  const keepsCard = form.dataset.payment === "setup";
  const keep = form.querySelector("[data-keep]");
  const { publishableKey, clientSecret, returnUrl } = form.dataset;
  const button = form.querySelector("button");
  const errors = form.querySelector("[data-payment-errors]");
  if (!window.Stripe) {
    errors.textContent = gettext("The payment form could not be loaded. Please check your connection and reload.");
    return;
  }
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const stripe = window.Stripe(publishableKey);
  const elements = stripe.elements({ clientSecret, appearance: { theme: isDark ? "night" : "stripe" } });
  const element = elements.create("payment");
  element.on("ready", () => { button.disabled = false; });
  element.mount("#payment");

  // Said to the house first: it tells the provider whose card it is, and notes when its owner agreed.
  async function agree() {
    if (!keep || keep.checked === keep.hasAttribute("data-kept")) return;
    const answer = await fetch(keep.dataset.keep, {
      method: "POST", credentials: "same-origin", body: JSON.stringify({ keep: keep.checked }),
      headers: {
        "Content-Type": "application/json", "Accept-Language": document.documentElement.lang,
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    keep.toggleAttribute("data-kept", keep.checked);
    await elements.fetchUpdates?.();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    form.setAttribute("aria-busy", "true");
    errors.textContent = "";
    try {
      await agree();
    } catch (error) {
      return fail(error.message || gettext("The card cannot be kept just now. Untick that, or try again."));
    }
    const wish = { elements, confirmParams: { return_url: returnUrl }, redirect: "if_required" };
    const { error, setupIntent } = await (keepsCard ? stripe.confirmSetup(wish) : stripe.confirmPayment(wish))
      .catch(() => ({ error: { message: gettext("The payment service could not be reached. Please try again.") } }));
    if (!error) return location.assign(keepsCard ? `${returnUrl}?setup_intent=${setupIntent.id}` : returnUrl);
    fail(error.message);
  });

  function fail(why) {
    errors.textContent = why;
    form.removeAttribute("aria-busy");
    button.disabled = false;
  }
})();
