// Works of an exhibition are dragged into their order; the buttons beside each do the same without a mouse or script.
const form = document.getElementById("arrange");
let dragged = null;

for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-hanging]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.hanging);
  dragged.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const list = event.target.closest?.(".hangings");
  if (!dragged || !list) return;
  event.preventDefault();
  const over = event.target.closest("[data-hanging]");
  if (!over) { list.append(dragged); return; }
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});

document.addEventListener("drop", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const places = [...document.querySelectorAll("[data-hanging]")].map(
    (one) => `${one.dataset.hanging}:${one.closest(".hangings").dataset.section}`,
  );
  form.elements.order.value = places.join(",");
  form.submit();
});

document.addEventListener("dragend", () => { dragged?.classList.remove("dragged"); dragged = null; });
