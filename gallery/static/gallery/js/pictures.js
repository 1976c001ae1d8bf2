// Pictures that a form asks for: each is sent as soon as it is chosen, and the form then names it.
(() => {
  "use strict";
  const { call, put, wordsOf } = window.sending;
  for (const form of document.querySelectorAll("[data-pictures-form]")) watch(form);

  function watch(form) {
    const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const url = form.dataset.uploadsUrl;
    let sending = 0;

    async function send(file, tell) {
      const about = { filename: file.name, media_type: file.type || "application/octet-stream", size: file.size };
      const announced = await call("POST", url, csrf, about);
      await put(announced.upload, file, tell);
      const checked = await call("POST", `${url}${announced.id}/complete/`, csrf);
      if (checked.state !== "ready") throw new Error(wordsOf(checked.problem ?? {}));
      return checked.id;
    }

    // The picture in its list at once, and its id beside it once it has arrived.
    function hang(list, file) {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      picture.onload = () => URL.revokeObjectURL(picture.src);
      const leave = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "×" });
      leave.setAttribute("aria-label", interpolate(gettext("Leave out %(name)s"), { name: file.name }, true));
      item.append(picture, leave);
      list.append(item);
      return item;
    }

    function name(item, field, id) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: field, value: id });
      item.append(input);
    }

    for (const asked of form.querySelectorAll("[data-pictures]")) {
      const list = asked.querySelector("ul");
      const input = asked.querySelector("input[type=file]");
      const status = asked.querySelector("[data-status]");
      const most = Number(asked.dataset.most);
      const say = (words, isBad = false) => {
        status.textContent = words;
        status.classList.toggle("errors", isBad);
      };

      async function take(file) {
        if (most === 1) list.replaceChildren();
        if (list.children.length >= most) return say(interpolate(gettext("%(most)s pictures at most."), { most }, true), true);
        const item = hang(list, file);
        sending += 1;
        say(interpolate(gettext("Sending %(name)s …"), { name: file.name }, true));
        try {
          name(item, asked.dataset.pictures, await send(file, (sent, all) => item.style.setProperty("opacity", 0.3 + (0.5 * sent) / all)));
          item.style.removeProperty("opacity");
          say("");
        } catch (error) {
          item.remove();
          say(`${file.name}: ${error.message}`, true);
        } finally {
          sending -= 1;
        }
      }

      input.addEventListener("change", async () => {
        const files = [...input.files];
        input.value = "";
        for (const file of files) await take(file);
      });
      list.addEventListener("click", (event) => event.target.closest("button")?.closest("li").remove());
      form.addEventListener("submit", (event) => {
        const isMissing = "required" in asked.dataset && !asked.querySelector("input[type=hidden]");
        if (!sending && !isMissing) return;
        event.preventDefault();
        if (sending) say(gettext("A picture is still on its way; one moment."));
        else say(gettext("Choose a picture first."), true);
        input.focus();
      });
    }
  }
})();
