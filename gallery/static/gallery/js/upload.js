// A photograph goes from the browser straight into the object store: announce, PUT, have it checked.
(() => {
  "use strict";
  const { call, put, wordsOf } = window.sending;
  const form = document.querySelector("[data-upload-form]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector("input[type=file]");
  const hidden = form.querySelector("input[name=photograph]");
  const submit = form.querySelector("[type=submit]");
  const status = form.querySelector("[data-upload-status]");
  const bar = drop.querySelector("progress");
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let latest = 0;
  let isUploading = false;

  const say = (text, isBad = false) => {
    status.textContent = text;
    status.classList.toggle("errors", isBad);
  };

  // Without a photograph the button still takes a press, and says what is missing.
  const choose = (id) => {
    hidden.value = id;
    hidden.dispatchEvent(new Event("change"));
    submit.setAttribute("aria-disabled", String(!id));
  };

  const post = (url, body) => call("POST", url, csrf, body);

  function show(file) {
    drop.querySelector("img")?.remove();
    const picture = document.createElement("img");
    picture.alt = interpolate(gettext("Your photograph, %(name)s"), { name: file.name }, true);
    picture.src = URL.createObjectURL(file);
    picture.onload = () => {
      URL.revokeObjectURL(picture.src);
      form.dispatchEvent(new CustomEvent("photograph", { detail: picture }));
    };
    drop.prepend(picture);
    drop.classList.add("full");
  }

  async function take(file) {
    if (!input.accept.split(",").includes(file.type)) {
      const isOfPhone = /\.hei[cf]$/i.test(file.name) || /^image\/hei[cf]/.test(file.type);
      say(isOfPhone ? gettext("HEIC pictures are not read here: save it as JPEG, then bring it again.") : gettext("Only JPEG, PNG, WebP and AVIF pictures are read."), true);
      input.value = "";
      return;
    }
    const turn = ++latest;
    choose("");
    isUploading = true;
    bar.hidden = false;
    bar.value = 0;
    show(file);
    say(gettext("Uploading …"));
    try {
      const announced = await post(form.dataset.uploadsUrl, {
        filename: file.name, media_type: file.type || "application/octet-stream", size: file.size,
      });
      await put(announced.upload, file, (sent, all) => { bar.value = sent / all; });
      say(gettext("Checking the picture …"));
      const checked = await post(`${form.dataset.uploadsUrl}${announced.id}/complete/`);
      if (turn !== latest) return; // another file was chosen meanwhile
      if (checked.state !== "ready") throw new Error(wordsOf(checked.problem ?? {}));
      choose(checked.id);
      say(interpolate(gettext("Ready: %(width)s × %(height)s pixels. Choose another to replace it."), { width: checked.width, height: checked.height }, true));
    } catch (error) {
      if (turn !== latest) return;
      drop.classList.remove("full");
      drop.querySelector("img")?.remove();
      input.value = "";
      say(error.message, true);
    } finally {
      if (turn === latest) {
        isUploading = false;
        bar.hidden = true;
      }
    }
  }

  input.addEventListener("change", () => input.files[0] && take(input.files[0]));
  for (const name of ["dragenter", "dragover"])
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  form.addEventListener("submit", (event) => {
    if (hidden.value) {
      submit.disabled = true;
      return;
    }
    event.preventDefault();
    say(isUploading ? gettext("The photograph is still on its way; one moment.") : gettext("Choose a photograph first."), true);
    input.focus();
  });
  // A hand may have been quicker than this script.
  if (input.files[0]) take(input.files[0]);
  // Whoever comes back to the form by the browser's history may order again.
  window.addEventListener("pageshow", () => { submit.disabled = false; });
})();
