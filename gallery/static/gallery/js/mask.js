// Marking a part of the photograph, on the photograph. The mask goes up like any picture, just before the order does.
(() => {
  "use strict";
  const { call, put, wordsOf } = window.sending;
  const editor = document.querySelector("[data-mask]");
  const form = editor?.closest("form");
  if (!form) return;
  const MOST_SIDE = 1024;  // of the mask: its edge is soft anyway
  const FEATHER = 0.003;  // how soft, as a share of the longer side
  const MARK = [233, 90, 40];
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const hidden = editor.querySelector("input[name=mask]");
  const sheet = editor.querySelector("[data-sheet]");
  const status = editor.querySelector("[data-mask-status]");
  const reach = editor.querySelector("[data-reach]");
  const reachLabel = editor.querySelector("[data-reach-label]");
  const own = editor.querySelector("[data-mask-file]");
  const brush = sheet.getContext("2d");
  const mask = document.createElement("canvas");  // white where it is painted, transparent elsewhere
  const marks = mask.getContext("2d", { willReadFrequently: true });
  const REACHES = { alike: gettext("How alike"), brush: gettext("Brush size") };
  let photograph = null;
  let pixels = null;
  let tool = "alike";
  let isErasing = false;
  let stroke = null;
  let past = [];
  let isSent = Boolean(hidden.value);

  const say = (text, isBad = false) => {
    status.textContent = text;
    status.classList.toggle("errors", isBad);
  };

  function take(image) {
    photograph = image;
    const scale = Math.min(1, MOST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    for (const canvas of [sheet, mask]) {
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    }
    pixels = null;
    past = [];
    isSent = false;
    hidden.value = "";
    own.value = "";
    show();
  }

  // The photograph, what is marked laid over it, and the stroke that is being made.
  function show() {
    if (!photograph) return;
    brush.globalAlpha = 1;
    brush.drawImage(photograph, 0, 0, sheet.width, sheet.height);
    const tint = document.createElement("canvas");
    [tint.width, tint.height] = [mask.width, mask.height];
    const layer = tint.getContext("2d");
    layer.drawImage(mask, 0, 0);
    layer.globalCompositeOperation = "source-in";
    layer.fillStyle = `rgb(${MARK})`;
    layer.fillRect(0, 0, tint.width, tint.height);
    brush.globalAlpha = 0.55;
    brush.drawImage(tint, 0, 0);
    brush.globalAlpha = 1;
    if (stroke) outline(brush, stroke);
    const share = covered();
    say(share ? interpolate(gettext("%(value)s % of it will be painted."), { value: Math.max(1, Math.round(share * 100)) }, true) : gettext("Nothing is marked: all of it will be painted."));
  }

  function covered() {
    if (!mask.width) return 0;
    const { data } = marks.getImageData(0, 0, mask.width, mask.height);
    let sum = 0;
    for (let at = 3; at < data.length; at += 4) sum += data[at];
    return sum / 255 / (data.length / 4);
  }

  function outline(context, points) {
    context.strokeStyle = `rgb(${MARK})`;
    context.lineWidth = 2;
    context.beginPath();
    if (tool === "rectangle") context.rect(...corners(points));
    else for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }

  const corners = (points) => {
    const [[left, top], [right, bottom]] = [points[0], points.at(-1)];
    return [left, top, right - left, bottom - top];
  };

  function change(draw) {
    past = [...past.slice(-19), marks.getImageData(0, 0, mask.width, mask.height)];
    marks.globalCompositeOperation = isErasing ? "destination-out" : "source-over";
    marks.fillStyle = marks.strokeStyle = "white";
    draw();
    isSent = false;
    hidden.value = "";
    show();
  }

  const changes = {
    brush: (points) => {
      marks.lineWidth = Math.max(2, (Number(reach.value) / 100) ** 1.5 * 0.4 * Math.max(mask.width, mask.height));
      marks.lineCap = marks.lineJoin = "round";
      marks.beginPath();
      for (const [x, y] of [points[0], ...points]) marks.lineTo(x, y);
      marks.stroke();
    },
    rectangle: (points) => marks.fillRect(...corners(points)),
    lasso: (points) => {
      marks.beginPath();
      for (const [x, y] of points) marks.lineTo(x, y);
      marks.closePath();
      marks.fill();
    },
    alike: ([[x, y]]) => {
      pixels ??= bare();
      const [column, row] = [Math.min(mask.width - 1, Math.floor(x)), Math.min(mask.height - 1, Math.floor(y))];
      const found = window.regions.alike(pixels, column, row, Number(reach.value) / 100);
      const layer = new OffscreenCanvas(mask.width, mask.height);
      const image = new ImageData(mask.width, mask.height);
      for (let at = 0; at < found.length; at++) if (found[at]) image.data.fill(255, 4 * at, 4 * at + 4);
      layer.getContext("2d").putImageData(image, 0, 0);
      marks.drawImage(layer, 0, 0);
    },
  };

  // The photograph's own pixels, without what is drawn over it.
  function bare() {
    const layer = new OffscreenCanvas(mask.width, mask.height).getContext("2d");
    layer.drawImage(photograph, 0, 0, mask.width, mask.height);
    return layer.getImageData(0, 0, mask.width, mask.height);
  }

  const placeOf = (event) => {
    const box = sheet.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, value));
    return [
      within(((event.clientX - box.left) / box.width) * sheet.width, sheet.width),
      within(((event.clientY - box.top) / box.height) * sheet.height, sheet.height),
    ];
  };

  sheet.addEventListener("pointerdown", (event) => {
    if (!photograph) return;
    sheet.setPointerCapture(event.pointerId);
    stroke = [placeOf(event)];
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.push(placeOf(event));
    show();
  });
  sheet.addEventListener("pointerup", () => {
    if (!stroke) return;
    const points = stroke;
    stroke = null;
    try {
      change(() => changes[tool](points));
    } catch {
      say(gettext("Your browser does not let its colours be read here: choose the photograph again."), true);
    }
  });
  sheet.addEventListener("pointercancel", () => { stroke = null; show(); });

  const acts = {
    invert: () => change(() => {
      marks.globalCompositeOperation = "xor";
      marks.fillRect(0, 0, mask.width, mask.height);
    }),
    clear: () => change(() => marks.clearRect(0, 0, mask.width, mask.height)),
    undo: () => {
      if (!past.length) return;
      marks.putImageData(past.pop(), 0, 0);
      isSent = false;
      hidden.value = "";
      show();
    },
  };

  editor.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.tool) {
      tool = button.dataset.tool;
      for (const one of editor.querySelectorAll("[data-tool]")) one.setAttribute("aria-pressed", String(one === button));
      // It keeps its place, so that the photograph does not move under the hand.
      reach.parentElement.style.visibility = REACHES[tool] ? "" : "hidden";
      reachLabel.textContent = REACHES[tool] ?? reachLabel.textContent;
    } else if ("erase" in button.dataset) {
      isErasing = !isErasing;
      button.setAttribute("aria-pressed", String(isErasing));
    } else if (photograph) acts[button.dataset.act]();
  });

  own.addEventListener("change", async () => {
    if (!own.files[0] || !photograph) return;
    const image = await createImageBitmap(own.files[0]).catch(() => null);
    if (!image) return say(gettext("This file is no picture."), true);
    const layer = new OffscreenCanvas(mask.width, mask.height).getContext("2d");
    layer.drawImage(image, 0, 0, mask.width, mask.height);
    const read = layer.getImageData(0, 0, mask.width, mask.height);
    // Light is opaque, dark is not.
    for (let at = 0; at < read.data.length; at += 4) {
      read.data[at + 3] = (0.299 * read.data[at] + 0.587 * read.data[at + 1] + 0.114 * read.data[at + 2]) * (read.data[at + 3] / 255);
      read.data.fill(255, at, at + 3);
    }
    change(() => marks.putImageData(read, 0, 0));
  });

  // White on black with a soft edge; at the picture's own edge it is not softened, so it is continued beyond it first.
  function picture() {
    const [width, height] = [mask.width, mask.height];
    const soft = FEATHER * Math.max(width, height);
    const margin = Math.ceil(3 * soft);
    const wider = new OffscreenCanvas(width + 2 * margin, height + 2 * margin);
    const continued = wider.getContext("2d");
    continued.drawImage(mask, 0, 0, wider.width, wider.height);
    continued.clearRect(margin, margin, width, height);
    continued.drawImage(mask, margin, margin);
    const paper = new OffscreenCanvas(width, height);
    const context = paper.getContext("2d");
    context.fillStyle = "black";
    context.fillRect(0, 0, width, height);
    context.filter = `blur(${soft}px)`;
    context.drawImage(wider, -margin, -margin);
    return paper.convertToBlob({ type: "image/png" });
  }

  async function send() {
    const file = await picture();
    const announced = await call("POST", form.dataset.uploadsUrl, csrf, {
      filename: "mask.png", media_type: "image/png", size: file.size,
    });
    await put(announced.upload, file, () => {});
    const checked = await call("POST", `${form.dataset.uploadsUrl}${announced.id}/complete/`, csrf);
    if (checked.state !== "ready") throw new Error(wordsOf(checked.problem ?? {}));
    hidden.value = checked.id;
    isSent = true;
  }

  // Before the form's other listeners: the order waits until its mask is there.
  form.addEventListener("submit", async (event) => {
    if (isSent || !covered() || !form.elements.photograph.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(gettext("Sending what you marked …"));
    try {
      await send();
      form.requestSubmit(event.submitter);
    } catch (error) {
      say(error.message, true);
      editor.open = true;
    }
  });

  form.addEventListener("photograph", (event) => take(event.detail));
  // Of what came back with an error the mask that was sent still counts, until it is marked anew; not one that was refused.
  const kept = hidden.value;
  const refused = status.classList.contains("errors") ? status.textContent : "";
  const shown = form.querySelector("[data-drop] img");
  shown?.decode().then(() => {
    take(shown);
    hidden.value = kept;
    isSent = Boolean(kept);
    if (refused) say(refused, true);
    if (kept) say(gettext("What you marked before will be painted; mark anew to change it."));
  }, () => {});
})();
