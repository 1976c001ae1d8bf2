// A recipe, an address or a code is copied with one press; without the clipboard its text can still be selected.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const shown = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(shown.value ?? shown.textContent);
      button.textContent = gettext("Copied");
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
})();
