// The queue's keyboard: one key a button or link that names it in data-key. Keys do nothing while one writes, with a
// modifier, or once they are switched off (WCAG 2.1.4); that is remembered by this browser.
const STORE = "atelier-queue-keys";
const help = document.getElementById("keys");
const toggle = document.querySelector("[data-keys-toggle]");
const said = document.getElementById("keys-said");
const form = document.getElementById("decision");
const boxes = [...document.querySelectorAll('input[name="artworks"]')];
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

const whileWriting = (event) => {
  const reason = form?.elements.reason;
  if (event.key === "Escape") { pending = null; said && (said.textContent = ""); event.target.blur(); }
  if (event.key === "Enter" && pending && !event.shiftKey && reason.value) { event.preventDefault(); pending.click(); }
  // A reason by its number: faster than the first letters, of which several are alike.
  if (event.target === reason && event.key > "0" && event.key < String(reason.length)) {
    event.preventDefault();
    reason.selectedIndex = Number(event.key);
  }
};

// Among many: on, back, and a tick for the one that has the focus.
const STEPS = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 };
const amongMany = (event) => {
  const links = [...document.querySelectorAll("[data-cases] a.thumb")];
  const at = links.findIndex((link) => link.closest("li").contains(document.activeElement));
  if (event.key in STEPS && links.length) {
    event.preventDefault();
    const to = links[Math.min(Math.max(at + STEPS[event.key], 0), links.length - 1)];
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  } else if (event.key === "x" && at >= 0) {
    event.preventDefault();
    boxes[at].click();
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isWriting(event.target)) return whileWriting(event);
  if (event.key === "?") { event.preventDefault(); help.open ? help.close() : help.showModal(); return; }
  if (!areOn() || document.querySelector("dialog[open]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"], [data-key-too="${CSS.escape(event.key)}"]`);
  if (!target || target.closest("[hidden]") || target.disabled) return amongMany(event);
  event.preventDefault();
  act(target);
});

if (toggle) {
  toggle.checked = areOn();
  toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
}
document.querySelector("[data-keys-open]")?.addEventListener("click", () => help.showModal());
for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;
// The letter that is seen beside a name is no part of it: it is told to screen readers as what it is.
for (const keyed of document.querySelectorAll("[data-key]")) keyed.setAttribute("aria-keyshortcuts", keyed.dataset.key);

// The next picture is fetched while one looks at this one.
for (const { dataset } of document.querySelectorAll("[data-prefetch]")) new Image().src = dataset.prefetch;

// One tick for all, and how many are ticked.
const all = document.querySelector("[data-tick-all]");
const output = document.querySelector("[data-ticked]");
const count = () => {
  const ticked = boxes.filter((box) => box.checked).length;
  output.textContent = ticked ? `${output.dataset.ticked} ${ticked}` : "";
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
};
all?.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); });
for (const box of boxes) box.addEventListener("change", count);
if (all) count();
