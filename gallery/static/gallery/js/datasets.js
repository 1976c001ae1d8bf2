// Thousands of pictures go from the browser straight into the object store: announced in portions, several PUT at
// once, tried again where the connection breaks, and confirmed so that the house looks at them.
(() => {
  "use strict";
  const form = document.querySelector("[data-dataset-upload]");
  if (!form) return;
  const { call, put } = window.sending;
  const { picturesUrl, archivesUrl, confirmUrl } = form.dataset;
  const LANES = 4, PORTION = 40, PORTION_BYTES = 60e6, TRIES = 4, NAMED = 30;
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const taken = new Set(form.dataset.mediaTypes.split(","));
  const suffixes = form.dataset.suffixes.split(",");
  const TYPES = { jpg: "image/jpeg", jpeg: "image/jpeg", jfif: "image/jpeg", png: "image/png", webp: "image/webp", avif: "image/avif" };
  const part = (name) => form.querySelector(`[data-${name}]`);
  const bar = part("bar"), words = part("words"), list = part("troubles"), again = part("again");
  const queue = [], failed = [];
  let sentBytes = 0, allBytes = 0, sent = 0, all = 0, isRunning = false, said = 0;

  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

  function say(text) {
    if (words.textContent !== text) words.textContent = text;
  }

  // Said once a second at most: who listens instead of looking is not flooded.
  function tell(isOver = false) {
    bar.hidden = isOver;
    bar.value = allBytes ? sentBytes / allBytes : 0;
    if (!isOver && Date.now() - said < 1000) return;
    said = Date.now();
    const lost = failed.length ? interpolate(gettext(" %(value)s could not be sent."), { value: count(failed.length, "file") }, true) : "";
    say(isOver ? `${count(sent, "file")} sent.${lost}` : `${sent.toLocaleString("en")} of ${count(all, "file")} sent.${lost}`);
  }

  function trouble(name, why) {
    const shown = list.children.length;
    list.hidden = false;
    if (shown > NAMED) {
      const rest = list.lastElementChild;
      rest.dataset.more = Number(rest.dataset.more ?? 1) + 1;
      rest.textContent = `and ${rest.dataset.more} more`;
      return;
    }
    const line = document.createElement("li");
    line.textContent = shown === NAMED ? "and 1 more" : `${name}: ${why}`;
    list.append(line);
  }

  async function insist(work) {
    for (let turn = 1; ; turn += 1) {
      try {
        return await work();
      } catch (error) {
        const isNetwork = error instanceof TypeError; // fetch without an answer
        if (turn === TRIES || !(error.again || isNetwork)) throw isNetwork ? new Error(gettext("The connection broke.")) : error;
        await pause(Math.max(error.wait ?? 0, 2 ** (turn - 1)));
      }
    }
  }

  async function send(item, ticket) {
    let counted = 0;
    const note = (bytes) => { sentBytes += bytes - counted; counted = bytes; tell(); };
    try {
      await insist(() => { note(0); return put(ticket.upload, item.file, (bytes) => note(bytes)); });
      note(item.file.size);
      sent += 1;
      return ticket.id;
    } catch (error) {
      note(0);
      throw error;
    }
  }

  function fail(item, error) {
    failed.push(item);
    allBytes -= item.file.size;
    all -= 1;
    trouble(item.name, error.message);
  }

  const about = (item) => ({ filename: item.name, media_type: item.type, size: item.file.size });

  // What was announced and could not be sent would otherwise wait for its file until tomorrow.
  const forget = (ticket) => call("DELETE", `${picturesUrl}${ticket.id}/`, csrf).catch(() => {});

  async function sendPictures(portion) {
    const files = portion.map((item) => ({ ...about(item), class_name: item.class }));
    const tickets = (await insist(() => call("POST", picturesUrl, csrf, { files, ...portion[0].vouched }))).files;
    const arrived = [], waiting = portion.map((item, place) => [item, tickets[place]]);
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [item, ticket] = next;
        await send(item, ticket).then((id) => arrived.push(id), (error) => { fail(item, error); return forget(ticket); });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (arrived.length) await insist(() => call("POST", confirmUrl, csrf, { pictures: arrived }));
  }

  async function sendArchive(item) {
    const ticket = await insist(() => call("POST", archivesUrl, csrf, { file: about(item), ...item.vouched }));
    const id = await send(item, ticket);
    await insist(() => call("POST", confirmUrl, csrf, { archives: [id] }));
  }

  function nextPortion() {
    const portion = [queue.shift()];
    let bytes = portion[0].file.size;
    while (!portion[0].isArchive && queue.length && portion.length < PORTION && !queue[0].isArchive &&
           queue[0].vouched === portion[0].vouched && bytes + queue[0].file.size < PORTION_BYTES) {
      bytes += queue[0].file.size;
      portion.push(queue.shift());
    }
    return portion;
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    form.setAttribute("aria-busy", "true");
    while (queue.length) {
      const portion = nextPortion();
      const before = failed.length;
      try {
        await (portion[0].isArchive ? sendArchive(portion[0]) : sendPictures(portion));
      } catch (error) {
        // Announcing or confirming failed: none of the portion counts, whatever was PUT.
        if (failed.length === before) portion.forEach((item) => fail(item, error));
        else trouble(gettext("Some files"), error.message);
      }
      document.body.dispatchEvent(new Event("dataset-changed"));
    }
    isRunning = false;
    form.removeAttribute("aria-busy");
    again.hidden = !failed.length;
    tell(true);
  }

  function vouch() {
    if (!form.reportValidity()) return null;
    const said = new FormData(form);
    return { consent: said.get("consent"), licence: said.get("licence"), source: said.get("source") };
  }

  const nameOf = (file) => file.webkitRelativePath || file.name;
  const byName = (one, other) => nameOf(one).localeCompare(nameOf(other), "en", { numeric: true });
  const suffixOf = (name) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const isHidden = (path) => path.split("/").some((name) => name.startsWith(".") || name === "__MACOSX");

  // Why a file is not even sent; nothing for what may go.
  function objection(file, type) {
    if (!taken.has(type)) return "only JPEG, PNG, WebP and AVIF pictures can be used";
    if (!file.size) return "the file is empty";
    if (file.size > Number(form.dataset.mostBytes)) return interpolate(gettext("it has more than %(value)s MB"), { value: form.dataset.mostBytes / 1e6 }, true);
    return "";
  }

  // Folders are classes where there are several of them, or else below the one that was chosen; as in a zip file.
  function depthOfClasses(found) {
    for (let depth = 0; ; depth += 1) {
      const names = new Set(found.map(({ folders }) => folders[depth]).filter(Boolean));
      if (names.size !== 1) return names.size ? depth : 1;
    }
  }

  function takePictures(files, vouched) {
    let strange = 0;
    const found = [];
    for (const file of files) {
      const name = nameOf(file);
      if (isHidden(name)) continue;
      const type = TYPES[suffixOf(name)] ?? file.type;
      if (!type.startsWith("image/") && !suffixes.includes(`.${suffixOf(name)}`)) { strange += 1; continue; }
      const why = objection(file, type);
      if (why) { trouble(name, why); continue; }
      found.push({ file, name, type, folders: name.split("/").slice(0, -1), vouched });
    }
    const depth = depthOfClasses(found);
    for (const { folders, ...item } of found) {
      queue.push({ ...item, class: folders[depth]?.slice(0, 100) ?? "" });
      all += 1;
      allBytes += item.file.size;
    }
    if (strange) trouble(count(strange, "file"), "no pictures, left out");
  }

  function takeArchive(file, vouched) {
    if (file.size > Number(form.dataset.mostArchiveBytes))
      return trouble(file.name, interpolate(gettext("an archive may have %(value)s MB; send the folder instead"), { value: form.dataset.mostArchiveBytes / 1e6 }, true));
    queue.push({ file, name: file.name, type: "application/zip", isArchive: true, vouched });
    all += 1;
    allBytes += file.size;
  }

  function begin() {
    if (queue.length) { tell(); run(); }
    else if (!isRunning) say(gettext("There are no pictures to send."));
  }

  for (const input of form.querySelectorAll("input[type=file]"))
    input.addEventListener("change", () => {
      const vouched = vouch();
      if (vouched && !isRunning) {
        list.replaceChildren();
        list.hidden = true;
        sent = 0; all = 0; sentBytes = 0; allBytes = 0;
      }
      if (!vouched) say(gettext("Say first by what right, then choose again."));
      else {
        if (input.name === "archive") [...input.files].forEach((file) => takeArchive(file, vouched));
        else takePictures([...input.files].sort(byName), vouched);
        begin();
      }
      input.value = "";
    });
  again.addEventListener("click", () => {
    list.replaceChildren();
    list.hidden = true;
    again.hidden = true;
    for (const item of failed.splice(0)) { queue.push(item); all += 1; allBytes += item.file.size; }
    begin();
  });
  // A licence is named where one is claimed.
  form.addEventListener("change", (event) => {
    if (event.target.name !== "consent") return;
    form.elements.licence.required = form.elements.consent.value === "licensed";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeunload", (event) => { if (isRunning) event.preventDefault(); });
})();
