// Forms that do something: sent once, and where it cannot be undone (data-sure) only after a second word.
(() => {
  "use strict";
  const PATIENCE = 15000; // milliseconds after which a form may be sent again, whatever became of the first time

  const DIALOG = `<dialog class="card stack" aria-labelledby="sure-words"><h2 id="sure-words"></h2><p class="muted"></p>
    <form method="dialog" class="row"><button class="button" value="yes"></button>
    <button class="button quiet" value="" autofocus>Rather not</button></form></dialog>`;

  // “{name}” in the question is what was filled in there.
  const asked = (form, words) => words.replace(/\{(\w+)\}/g, (_, name) => form.elements[name]?.value ?? "");

  function ask(form, button, words) {
    document.body.insertAdjacentHTML("beforeend", DIALOG);
    const dialog = document.body.lastElementChild;
    dialog.querySelector("h2").textContent = asked(form, words);
    const why = (button?.dataset.sureWhy ?? form.dataset.sureWhy) || "";
    dialog.querySelector("p").textContent = why;
    dialog.querySelector("p").hidden = !why;
    const yes = dialog.querySelector("[value=yes]");
    yes.textContent = button?.textContent.trim() || gettext("Yes");
    yes.classList.toggle("danger", button?.classList.contains("danger") ?? false);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue !== "yes") return button?.focus();
      form.dataset.isSure = "yes";
      form.requestSubmit(button);
    });
    dialog.showModal();
  }

  function settle(form) {
    form.removeAttribute("aria-busy");
    delete form.dataset.isSure;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    // What a page's own script or htmx sends is theirs.
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-get]")) return;
    const words = button?.dataset.sure ?? form.dataset.sure;
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    if (words && form.dataset.isSure !== "yes") {
      event.preventDefault();
      return ask(form, button, words);
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => settle(form), PATIENCE);
  });
  // What is wrong with a form is where one goes on.
  document.querySelector("main [aria-invalid=true]")?.focus();

  // Back again by the browser's own button.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(settle));
})();
