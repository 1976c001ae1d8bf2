// The queue's keyboard: one key a button or link that names it in data-key. Keys do nothing while one writes, with a
// modifier, or once they are switched off (WCAG 2.1.4); that is remembered by this browser.
const STORE = "atelier-queue-keys";
const help = document.getElementById("keys");
const toggle = document.querySelector("[data-keys-toggle]");
const said = document.getElementById("keys-said");
const form = document.getElementById("decision");
let pending = null;

const areOn = () => localStorage.getItem(STORE) !== "off";
const isWriting = (element) => element.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");

const act = (target) => {
  const reason = form?.elements.reason;
  if (target.hasAttribute("data-needs-reason") && !reason.value) {
    pending = target;
    reason.focus();
    said.textContent = said.dataset.ask;
    return;
  }
  target.click();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isWriting(event.target)) {
    if (event.key === "Escape") { pending = null; said.textContent = ""; event.target.blur(); }
    if (event.key === "Enter" && pending && !event.shiftKey && form.elements.reason.value) { event.preventDefault(); pending.click(); }
    return;
  }
  if (event.key === "?") { event.preventDefault(); help.open ? help.close() : help.showModal(); return; }
  if (!areOn() || help?.open) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"], [data-key-too="${CSS.escape(event.key)}"]`);
  if (!target || target.closest("[hidden]") || target.disabled) return;
  event.preventDefault();
  act(target);
});

if (toggle) {
  toggle.checked = areOn();
  toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
}
document.querySelector("[data-keys-open]")?.addEventListener("click", () => help.showModal());
for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;

// The next picture is fetched while one looks at this one.
for (const { dataset } of document.querySelectorAll("[data-prefetch]")) new Image().src = dataset.prefetch;

// One tick for all.
document.querySelector("[data-tick-all]")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll('input[name="artworks"]')) box.checked = event.target.checked;
});
