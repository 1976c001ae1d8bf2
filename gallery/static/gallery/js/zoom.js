// A work as large as it is, over the whole window: what the link beside it opens without this script.
(() => {
  "use strict";
  const link = document.querySelector("a[data-zoom]");
  if (!link || !window.HTMLDialogElement) return;
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  dialog.setAttribute("aria-label", link.dataset.zoom);
  const picture = document.createElement("img");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", link.dataset.close);
  close.textContent = "×";
  const place = document.createElement("div");
  place.tabIndex = 0;
  place.append(picture);
  dialog.append(close, place);

  const fit = (whole) => dialog.classList.toggle("whole", whole);
  // A press goes from the whole picture to its own pixels, about the point that was pressed, and back.
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    fit(!dialog.classList.contains("whole"));
    place.scrollTo(x * picture.offsetWidth - place.clientWidth / 2, y * picture.offsetHeight - place.clientHeight / 2);
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { document.documentElement.style.overflow = ""; link.focus(); });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!dialog.isConnected) document.body.append(dialog);
    picture.src = link.href;
    picture.alt = link.closest("figure, .frame").querySelector("img").alt;
    fit(true);
    document.documentElement.style.overflow = "hidden";
    dialog.showModal();
  });
})();
