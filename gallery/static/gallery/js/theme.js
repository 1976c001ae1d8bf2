// Light or dark, as remembered; without a memory, as the system says. Loaded in the head, so nothing flashes.
(() => {
  "use strict";
  const root = document.documentElement;
  // Where a browser keeps nothing for us, the choice lasts as long as the page.
  const memory = (() => { try { return window.localStorage; } catch { return null; } })();
  const remembered = memory?.getItem("theme");
  if (remembered) root.dataset.theme = remembered;
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-theme-toggle]");
    if (!toggle) return;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    memory?.setItem("theme", root.dataset.theme);
  });
  // A menu closes when one clicks elsewhere or presses Escape.
  const closeMenus = (except) =>
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== except && menu.removeAttribute("open"));
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));
})();
