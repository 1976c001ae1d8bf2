// A choice that counts only with certain others is shown beside those alone, and goes back to its default elsewhere.
(() => {
  "use strict";
  for (const field of document.querySelectorAll("[data-counts-with]")) {
    const other = field.form.elements[field.dataset.countsWith];
    const show = () => {
      const counts = field.dataset.countsFor.split(" ").includes(other.value);
      field.closest(".field").hidden = !counts;
      if (!counts) field.value = field.dataset.default;
    };
    other.addEventListener("change", show);
    show();
  }
})();
