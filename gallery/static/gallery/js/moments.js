// Moments: deadlines told by the second, dates by the clock of whoever reads. Without this the pages say them in UTC.
(() => {
  "use strict";
  const two = (number) => String(number).padStart(2, "0");
  const words = (seconds) => {
    const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
    if (days > 1) return interpolate(gettext("%(days)s days, %(hours)s h"), { days, hours }, true);
    const clock = `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
    return days ? interpolate(gettext("1 day, %(clock)s"), { clock }, true) : clock;
  };
  const language = document.documentElement.lang || "en-GB";
  const zone = new Intl.DateTimeFormat(language, { hour: "2-digit", timeZoneName: "short" });
  const zoneOf = (moment) => zone.formatToParts(moment).find((part) => part.type === "timeZoneName").value;
  const told = (moment, isBrief) => {
    const year = moment.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    const day = moment.toLocaleDateString(language, { day: "numeric", month: isBrief ? "short" : "long", year });
    const time = moment.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: isBrief ? "2-digit" : undefined });
    const at = interpolate(gettext("%(day)s, %(time)s"), { day, time }, true);
    return isBrief ? at : `${at} ${zoneOf(moment)}`;
  };
  const tellDates = () => {
    for (const place of document.querySelectorAll("[data-moment]:not([title])")) {
      const moment = new Date(place.dateTime);
      place.title = moment.toLocaleString();
      place.textContent = told(moment, place.dataset.moment === "brief");
    }
  };
  const over = new Set(); // moments whose page is on its way
  const tick = () => {
    for (const place of document.querySelectorAll("[data-countdown]")) {
      const moment = new Date(place.dateTime);
      place.title ||= told(moment);
      const left = Math.ceil((moment - Date.now()) / 1000);
      place.textContent = left > 0 ? `${place.dataset.countdown} ${words(left)}` : gettext("A moment");
      // What follows by itself is not asked anew; else after some moments of chance, so that a crowd comes not at once.
      if (left > 0 || left < -5 || over.has(place.dateTime) || place.closest("[hx-get]")) continue;
      over.add(place.dateTime);
      setTimeout(() => location.reload(), 500 + 2500 * Math.random());
    }
  };
  const tell = () => { tellDates(); tick(); };
  tell();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tell);
})();
