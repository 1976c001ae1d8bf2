// What a slider stands at is written beside it.
(() => {
  "use strict";
  for (const slider of document.querySelectorAll("input[type=range]")) {
    const output = document.querySelector(`output[for=${slider.id}]`);
    if (output)
      slider.addEventListener("input", () => { output.textContent = `${Math.round(slider.value * 100)} %`; });
  }
})();
