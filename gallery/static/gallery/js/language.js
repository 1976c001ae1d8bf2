// A page whose address asks for a language is in it to its last piece: what htmx fetches for it asks for that one, too.
(() => {
  "use strict";
  document.addEventListener("htmx:configRequest", (event) => {
    const language = new URLSearchParams(location.search).get("lang");
    if (!language) return;
    const address = new URL(event.detail.path, location.href);
    address.searchParams.set("lang", language);
    event.detail.path = address.pathname + address.search;
  });
})();
