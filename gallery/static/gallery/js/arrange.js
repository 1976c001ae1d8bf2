// A list whose rows are dragged into an order, which is kept at once. Their buttons do the same for who drags nothing.
(() => {
  "use strict";
  const list = document.querySelector("[data-arrange]");
  if (!list) return;
  let held = null;

  const row = (event) => event.target.closest("[data-work]");
  const clear = () => list.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));

  async function keep() {
    const body = new URLSearchParams([...list.children].map((one) => ["order", one.dataset.work]));
    body.append("csrfmiddlewaretoken", list.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(list.dataset.arrange, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return location.reload(); // what is shown is what is kept
    const rows = [...list.children];
    rows.forEach((one, place) => {
      one.querySelector("[value=earlier]").disabled = place === 0;
      one.querySelector("[value=later]").disabled = place === rows.length - 1;
    });
    const said = document.getElementById("arranged-said");
    said.textContent = said.dataset.words;
  }

  list.addEventListener("dragstart", (event) => {
    held = row(event);
    held?.classList.add("held");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = row(event);
    if (!held || !over) return;
    event.preventDefault();
    clear();
    if (over !== held) over.classList.add("over");
  });
  list.addEventListener("drop", (event) => {
    const over = row(event);
    event.preventDefault();
    if (!held || !over || over === held) return;
    const rows = [...list.children];
    if (rows.indexOf(held) < rows.indexOf(over)) over.after(held);
    else over.before(held);
    keep();
  });
  list.addEventListener("dragend", () => {
    held?.classList.remove("held");
    held = null;
    clear();
  });
})();
