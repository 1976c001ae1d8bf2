// A stand-in for Stripe.js: the calls that our pages make, against the sandbox that served this file.
(() => {
  "use strict";

  const base = new URL(document.currentScript.src).origin;
  const CONFIRMED = ["succeeded", "requires_capture", "processing"];

  const KINDS = {
    payment_intent: { member: "paymentIntent", error: "last_payment_error" },
    setup_intent: { member: "setupIntent", error: "last_setup_error" },
  };

  async function api(key, method, path, parameters) {
    const body = new URLSearchParams(parameters);
    const post = method === "POST";
    try {
      const answer = await fetch(`${base}/v1/${path}${post ? "" : `?${body}`}`, {
        method, body: post ? body : undefined, headers: { Authorization: `Bearer ${key}` },
      });
      const json = await answer.json();
      return answer.ok ? { [KINDS[json.object].member]: json } : { error: json.error };
    } catch {
      return { error: { type: "api_connection_error", message: "The payment service could not be reached." } };
    }
  }

  const idOf = (clientSecret) => String(clientSecret).split("_secret_")[0];

  const pathOf = (clientSecret) =>
    `${idOf(clientSecret).startsWith("seti_") ? "setup_intents" : "payment_intents"}/${idOf(clientSecret)}`;
  const intentIn = (result) => result.paymentIntent || result.setupIntent;

  const retrieve = (key, clientSecret) =>
    api(key, "GET", pathOf(clientSecret), { client_secret: clientSecret });

  function darkOr(appearance) {
    if (!appearance || !appearance.theme) return "auto";
    return appearance.theme === "night" ? "dark" : "light";
  }

  class PaymentElement {
    constructor(key, elements, options) {
      this._key = key;
      this._elements = elements;
      this._options = options || {};
      this._listeners = {};
      this._waiting = new Map();
      this._count = 0;
      this._hear = (event) => this._receive(event);
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) throw new Error(`The selector you specified (${target}) applies to no DOM elements.`);
      const query = new URLSearchParams({ origin: location.origin, key: this._key });
      this._frame = document.createElement("iframe");
      this._frame.title = "Secure payment input frame";
      this._frame.src = `${base}/element?${query}`;
      this._frame.allow = "payment";
      const theme = darkOr(this._elements._appearance);
      Object.assign(this._frame.style, {
        display: "block", width: "100%", height: "230px", border: "0",
        colorScheme: theme === "auto" ? "light dark" : theme,
      });
      window.addEventListener("message", this._hear);
      place.replaceChildren(this._frame);
    }

    unmount() {
      window.removeEventListener("message", this._hear);
      if (this._frame) this._frame.remove();
      this._frame = null;
    }

    destroy() { this.unmount(); }
    update(options) { Object.assign(this._options, options); }
    focus() { this._send({ kind: "focus" }); }

    on(name, listener) {
      (this._listeners[name] ||= []).push(listener);
      return this;
    }

    _emit(name, detail) {
      for (const listener of this._listeners[name] || []) listener({ elementType: "payment", ...detail });
    }

    _send(message) {
      if (this._frame) this._frame.contentWindow.postMessage({ sandbox: "page", ...message }, base);
    }

    _ask(message) {
      const id = ++this._count;
      if (!this._frame) throw new Error("The payment Element is not mounted.");
      return new Promise((resolve) => {
        this._waiting.set(id, resolve);
        this._send({ ...message, id });
      });
    }

    _receive(event) {
      if (!this._frame || event.source !== this._frame.contentWindow || event.origin !== base) return;
      const { sandbox, kind, ...rest } = event.data || {};
      if (sandbox !== "element") return;
      if (kind === "ready") {
        this._send({ kind: "appearance", appearance: this._elements._appearance });
        this._emit("ready", {});
      } else if (kind === "height") {
        this._frame.style.height = `${rest.height}px`;
      } else if (kind === "change") {
        this._emit("change", { empty: rest.empty, complete: rest.complete, value: { type: "card" } });
      } else if (kind === "answer") {
        const resolve = this._waiting.get(rest.id);
        this._waiting.delete(rest.id);
        if (resolve) resolve(rest.error ? { error: rest.error } : { paymentMethod: rest.paymentMethod });
      }
    }
  }

  class Elements {
    constructor(key, options) {
      this._key = key;
      this._clientSecret = options.clientSecret;
      this._appearance = options.appearance || {};
      this._payment = null;
    }

    create(type, options) {
      if (type !== "payment") throw new Error(`The sandbox has no ${type} Element.`);
      this._payment = new PaymentElement(this._key, this, options);
      return this._payment;
    }

    getElement(type) { return type === "payment" ? this._payment : null; }

    update(options) {
      if (!options.appearance || !this._payment) return;
      this._appearance = options.appearance;
      this._payment._send({ kind: "appearance", appearance: this._appearance });
    }

    async submit() {
      const { error } = await this._payment._ask({ kind: "validate" });
      return error ? { error } : {};
    }
  }

  // The bank's page in a dialog over ours; resolves when the customer has answered or closed it.
  function authenticate(action, appearance) {
    const url = new URL(action.type === "redirect_to_url" ? action.redirect_to_url.url : action.use_stripe_sdk.stripe_js);
    url.search = new URLSearchParams({ embedded: "1", origin: location.origin, theme: darkOr(appearance) });
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "Bank authentication");
    Object.assign(dialog.style, { padding: "0", border: "0", borderRadius: "12px", width: "min(28rem, 94vw)" });
    const frame = document.createElement("iframe");
    frame.title = "Bank authentication";
    frame.src = url;
    Object.assign(frame.style, { display: "block", width: "100%", height: "min(28rem, 85vh)", border: "0" });
    dialog.append(frame);
    document.body.append(dialog);
    return new Promise((resolve) => {
      const finish = () => {
        window.removeEventListener("message", hear);
        dialog.remove();
        resolve();
      };
      const hear = (event) => {
        const ours = event.source === frame.contentWindow && event.origin === url.origin;
        if (ours && event.data && event.data.sandbox === "authenticated") finish();
      };
      window.addEventListener("message", hear);
      dialog.addEventListener("close", finish);
      dialog.showModal();
    });
  }

  async function afterAction(key, intent, appearance) {
    const { member, error } = KINDS[intent.object];
    if (intent.status !== "requires_action") return { [member]: intent };
    await authenticate(intent.next_action, appearance);
    const result = await retrieve(key, intent.client_secret);
    if (result.error || CONFIRMED.includes(result[member].status)) return result;
    return { error: result[member][error] || {
      type: "invalid_request_error",
      code: `${intent.object}_authentication_failure`,
      message: "The authentication was not finished. Please try again.",
      [intent.object]: result[member],
    } };
  }

  function leave(returnUrl, intent) {
    const url = new URL(returnUrl, location.href);
    url.searchParams.set(intent.object, intent.id);
    url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
    url.searchParams.set("redirect_status", CONFIRMED.includes(intent.status) ? "succeeded" : "failed");
    location.assign(url);
    return new Promise(() => {});
  }

  async function confirmIntent(key, { elements, clientSecret, confirmParams = {}, redirect = "always" }) {
    const secret = clientSecret || (elements && elements._clientSecret);
    if (!secret) throw new Error("A confirmation needs a clientSecret.");
    if (redirect === "always" && !confirmParams.return_url) {
      throw new Error("A confirmation needs confirmParams.return_url unless redirect is 'if_required'.");
    }
    const billing = (confirmParams.payment_method_data || {}).billing_details;
    const method = elements
      ? await elements.getElement("payment")._ask({ kind: "create", billing })
      : { paymentMethod: confirmParams.payment_method };
    if (method.error) return { error: method.error };
    const parameters = { client_secret: secret, payment_method: method.paymentMethod, use_stripe_sdk: "true" };
    if (confirmParams.return_url) parameters.return_url = confirmParams.return_url;
    const appearance = elements && elements._appearance;
    let result = await api(key, "POST", `${pathOf(secret)}/confirm`, parameters);
    if (!result.error) result = await afterAction(key, intentIn(result), appearance);
    if (result.error || redirect === "if_required") return result;
    return leave(confirmParams.return_url, intentIn(result));
  }

  window.Stripe = (key) => {
    if (!/^pk_test_/.test(key)) throw new Error("Stripe() needs a publishable key, pk_test_…");
    return {
      elements: (options = {}) => new Elements(key, options),
      confirmPayment: (options) => confirmIntent(key, options),
      confirmSetup: (options) => confirmIntent(key, options),
      retrievePaymentIntent: (clientSecret) => retrieve(key, clientSecret),
      retrieveSetupIntent: (clientSecret) => retrieve(key, clientSecret),
      handleNextAction: async ({ clientSecret }) => {
        const result = await retrieve(key, clientSecret);
        return result.error ? result : afterAction(key, intentIn(result), {});
      },
    };
  };
  window.Stripe.version = "sandbox";
})();
