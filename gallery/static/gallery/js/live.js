// A picture while it is painted: progress as server-sent events; at its end the page asks what comes next.
(() => {
  "use strict";
  let source = null;

  function watch(place) {
    source?.close();
    source = new EventSource(place.dataset.live);
    source.addEventListener("progress", (event) => {
      const seen = JSON.parse(event.data);
      const percent = Math.round(seen.progress * 100);
      place.querySelector("progress").value = seen.progress;
      place.querySelector("[data-percent]").textContent = seen.state === "queued" ? "waiting for a painter" : `${percent} %`;
      const stage = place.querySelector("[data-stage]");
      if (seen.stage && stage.textContent !== seen.stage) stage.textContent = seen.stage;
      const picture = place.querySelector("img");
      if (seen.preview_url && picture.src !== seen.preview_url) {
        const next = new Image();
        next.onload = () => { picture.src = next.src; picture.classList.remove("waiting"); };
        next.src = seen.preview_url;
      }
      if (["succeeded", "failed", "cancelled"].includes(seen.state)) {
        source.close();
        setTimeout(() => document.body.dispatchEvent(new Event("painted")), 400);
      }
    });
  }

  const look = () => {
    const place = document.querySelector("[data-live]:not([data-watched])");
    if (!place) return;
    place.dataset.watched = "";
    watch(place);
  };
  document.addEventListener("DOMContentLoaded", look);
  document.addEventListener("htmx:afterSettle", look);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
})();
