// A film plays where motion is welcome, and stops or plays when one asks; its poster is what stands still.
(() => {
  "use strict";
  const MOVING = "all", STILL = "not all";

  function show(film, plays) {
    film.querySelector("[data-moving]").media = plays ? MOVING : STILL;
    film.querySelector("[data-play]").textContent = plays ? gettext("Stop the film") : gettext("Play the film");
    film.dataset.plays = plays ? "yes" : "";
  }

  function prepare() {
    for (const film of document.querySelectorAll("[data-film]:not([data-plays])")) {
      show(film, matchMedia("(prefers-reduced-motion: no-preference)").matches);
      film.querySelector("[data-play]").hidden = false;
    }
  }

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("click", (event) => {
    const film = event.target.closest("[data-play]")?.closest("[data-film]");
    if (film) show(film, !film.dataset.plays);
  });
})();
