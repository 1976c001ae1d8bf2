// A commission while it is painted: progress as server-sent events; at its end the page asks what comes next.
(() => {
  "use strict";
  let source = null;

  // The job ends a moment before the commission moves on, so the page asks more than once.
  const ask = () => {
    for (const wait of [300, 900, 1800]) setTimeout(() => document.body.dispatchEvent(new Event("painted")), wait);
  };

  function sharpen(picture, url) {
    if (!url || picture.dataset.shown === url) return;
    picture.dataset.shown = url;
    const next = new Image();
    next.onload = () => {
      if (picture.dataset.shown !== url) return; // a later one is on its way
      picture.src = url;
      picture.classList.remove("waiting");
    };
    next.src = url;
  }

  function tell(state, seen) {
    const percent = Math.round(seen.progress * 100);
    const words = seen.state === "queued" ? gettext("Waiting for a painter") : seen.stage || (seen.progress < 1 ? gettext("Getting ready") : gettext("Finishing"));
    const stage = state.querySelector("[data-stage]");
    state.querySelector("progress").value = seen.progress;
    state.querySelector("[data-percent]").textContent = `${percent} %`;
    if (stage.textContent !== words) stage.textContent = words; // said aloud only when it changes
    sharpen(state.querySelector("[data-live] img"), seen.preview_url);
  }

  function watch() {
    const place = document.querySelector("#state [data-live]");
    if (place?.dataset.watched) return;
    source?.close();
    source = null;
    if (!place) return;
    place.dataset.watched = "yes";
    source = new EventSource(`${place.dataset.live}?lang=${document.documentElement.lang}`); // it can send no header
    source.addEventListener("progress", (event) => {
      const seen = JSON.parse(event.data);
      if (place.isConnected) tell(place.closest("#state"), seen);
      if (!["succeeded", "failed", "cancelled"].includes(seen.state)) return;
      source?.close();
      ask();
    });
  }

  // Who cannot see the page change hears its new heading.
  function announce() {
    const said = document.querySelector("[data-announce]");
    const heading = document.querySelector("#state h2");
    if (said && heading) said.textContent = heading.textContent;
  }

  document.addEventListener("DOMContentLoaded", watch);
  document.addEventListener("htmx:afterSettle", () => { watch(); announce(); });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
})();
