// How long until a drop opens or a sale closes, told by the second; at its end the page is asked anew.
(() => {
  "use strict";
  const two = (number) => String(number).padStart(2, "0");
  const words = (seconds) => {
    const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
    if (days > 1) return `${days} days, ${hours} h`;
    return `${days ? "1 day, " : ""}${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
  };
  const places = [...document.querySelectorAll("[data-countdown]")];
  for (const place of places) place.title = new Date(place.dataset.countdown).toLocaleString();
  const tick = () => {
    for (const place of places) {
      const left = Math.ceil((Date.parse(place.dataset.countdown) - Date.now()) / 1000);
      // Some moments of chance, so that a crowd does not ask in the same one.
      if (left === 0) setTimeout(() => location.reload(), 500 + 2500 * Math.random());
      place.textContent = left > 0 ? `${place.dataset.words} ${words(left)}` : "A moment";
    }
  };
  if (places.length === 0) return;
  tick();
  setInterval(tick, 1000);
})();
