// Scribbling: after each stroke the house says what it may be; what is chosen is coloured and taken to a painter.
(() => {
  "use strict";
  const { call, wordsOf } = window.sending;
  const room = document.querySelector("[data-scribble]");
  const form = document.querySelector("[data-colouring]");
  const styles = document.querySelector("[data-styles]");
  const find = (name) => document.querySelector(`[data-${name}]`);
  const [status, meant, called, making, made] = ["status", "meant", "called", "making", "made"].map(find);
  const chosen = new Image();
  const { csrf, suggestUrl, searchUrl, cleanUrl, picturesUrl } = room.dataset;
  const KEPT = "scribble";
  const COUNT = 9;
  let strokes = [];
  let choice = null; // {drawing} or {own: true}, with the address of its picture
  let turn = 0;

  const remember = () => sessionStorage.setItem(KEPT, JSON.stringify({ strokes, choice: choice?.drawing ?? null, own: Boolean(choice?.own) }));
  const asFile = (svg) => URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));

  function offer(entries) {
    meant.replaceChildren(...entries.map((entry) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.setAttribute("aria-pressed", String(Boolean(choice) && choice.own === entry.own && choice.drawing?.id === entry.drawing?.id));
      button.append(Object.assign(document.createElement("img"), { src: entry.url, alt: "" }), entry.name);
      button.addEventListener("click", () => choose(entry, button));
      item.append(button);
      return item;
    }));
  }

  const ofDrawing = (drawing) => ({ drawing, own: false, name: drawing.name, url: drawing.svg_url });

  async function suggest() {
    const mine = ++turn;
    if (!strokes.length) {
      status.textContent = gettext("Suggestions appear after the first line.");
      return offer([]);
    }
    try {
      const [found, clean] = await Promise.all([
        call("POST", suggestUrl, csrf, { strokes, count: COUNT }),
        call("POST", cleanUrl, csrf, { strokes }),
      ]);
      if (mine !== turn) return; // a line was added meanwhile
      const own = { own: true, name: gettext("My own lines, cleaned"), url: asFile(clean.svg) };
      offer([own, ...found.map((one) => ofDrawing(one.drawing))]);
      status.textContent = interpolate(gettext("%(length)s drawings that it may be; the likest come first."), { length: found.length }, true);
    } catch (error) {
      if (mine === turn) status.textContent = error.message;
    }
  }

  async function search() {
    const words = called.value.trim();
    if (!words) return suggest();
    const mine = ++turn;
    try {
      const found = await call("GET", `${searchUrl}?search=${encodeURIComponent(words)}`, csrf);
      if (mine !== turn) return;
      offer(found.map(ofDrawing));
      status.textContent = found.length ? interpolate(gettext("%(length)s drawings are called so."), { length: found.length }, true) : gettext("No drawing is called so; try another word.");
    } catch (error) {
      if (mine === turn) status.textContent = error.message;
    }
  }

  // A choice is shown on the board in place of the strokes; those are kept below it.
  function choose(entry, button) {
    choice = entry;
    for (const other of meant.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    Object.assign(chosen, { src: entry.url, alt: entry.name });
    find("paper").append(chosen);
    Object.assign(find("download"), { href: entry.url, hidden: false });
    find("again").hidden = false;
    find("invite").hidden = true;
    find("credit").textContent = entry.own ? gettext("Your own lines, cleaned: they are yours.") : creditOf(entry.drawing);
    form.hidden = false;
    forget();
    remember();
  }

  const creditOf = (drawing) =>
    `${drawing.credit}. ${drawing.shares_alike ? gettext("What is painted after it may be sold, names its author, and is shared on the same terms.") : gettext("What is painted after it names its author.")}`;

  function forget() {
    made.hidden = styles.hidden = true;
    making.textContent = "";
  }

  function release() {
    choice = null;
    chosen.remove();
    form.hidden = find("download").hidden = find("again").hidden = true;
    for (const button of meant.querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
    find("invite").hidden = strokes.length > 0;
    forget();
    remember();
  }

  async function make(event) {
    event.preventDefault();
    if (!choice || !("member" in room.dataset)) return;
    const button = form.querySelector("[type=submit]");
    const entries = [...new FormData(form)].filter(([name]) => name.startsWith("p_"));
    const parameters = Object.fromEntries(entries.map(([name, value]) => [name.slice(2), value]));
    Object.assign(parameters, choice.own ? { strokes } : { drawing: choice.drawing.id });
    button.disabled = true;
    forget();
    making.textContent = gettext("Colouring …");
    try {
      const picture = await call("POST", picturesUrl, csrf, { parameters });
      if (picture.state !== "ready") throw new Error(wordsOf(picture.problem ?? {}));
      const shown = Object.assign(new Image(picture.width, picture.height), { src: picture.picture_url });
      shown.alt = `${choice.name}, coloured`;
      made.replaceChildren(shown);
      made.hidden = false;
      making.textContent = gettext("Ready: now choose a style below, or other colours.");
      for (const link of styles.querySelectorAll("[data-style]")) link.search = `?photograph=${picture.id}`;
      styles.hidden = false;
    } catch (error) {
      making.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }

  const board = window.openBoard(find("board"), (drawn) => {
    strokes = drawn;
    find("undo").disabled = find("clear").disabled = !strokes.length;
    called.value = "";
    release();
    suggest();
  });

  find("undo").addEventListener("click", () => board.undo());
  find("clear").addEventListener("click", () => board.clear());
  find("again").addEventListener("click", release);
  form.addEventListener("submit", make);
  form.addEventListener("input", forget);
  let typing = 0;
  called.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 200);
  });
  document.addEventListener("keydown", (event) => {
    const isWriting = event.target.closest?.("input, select, textarea");
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !isWriting && strokes.length) {
      event.preventDefault();
      board.undo();
    }
  });

  // Whoever signed in on the way finds what they drew.
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  if (kept.strokes?.length) board.draw(kept.strokes);
  if (kept.choice) choose(ofDrawing(kept.choice));
  else if (kept.own && kept.strokes?.length)
    call("POST", cleanUrl, csrf, { strokes }).then(
      (clean) => choose({ own: true, name: gettext("My own lines, cleaned"), url: asFile(clean.svg) }),
      (error) => { status.textContent = error.message; },
    );
})();
