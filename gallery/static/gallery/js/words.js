// Picture and words: a small draft follows what is chosen, and the price follows from whom it is ordered.
(() => {
  "use strict";
  const { call } = window.sending;
  const form = document.querySelector("[data-words-form]");
  if (!form) return;
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const photograph = form.querySelector("input[name=photograph]");
  const carried = document.querySelector("[data-carried-photograph]");
  const place = form.querySelector("[data-preview]");
  const picture = place.querySelector("img");
  const status = form.querySelector("[data-preview-status]");
  const palette = form.querySelector("[data-palette]").value.split(" ").filter(Boolean);
  const MOODS = ["strength", "keep_colours", "light", "warmth", "contrast", "vividness"];
  const PAUSE = 600; // milliseconds without a change before a draft is asked for
  const LOOK = 350; // and between two looks at how far it is
  const OVER = ["succeeded", "failed", "cancelled"];
  let latest = 0;
  let asking = Promise.resolve(); // the request under way: a draft calls off those asked for before, so they go in order
  let timer = 0;

  const number = (name) => Number(form.elements[name]?.value ?? 0);
  const listing = () => form.querySelector("input[name=listing]:checked")?.value || form.dataset.house;
  const isListed = () => Boolean(form.querySelector("input[name=listing]:checked")?.value);

  function chosen() {
    const mix = [...form.querySelectorAll("input[name^=weight_]")]
      .map((slider) => ({ style: slider.name.slice("weight_".length), weight: Number(slider.value) }));
    if (isListed()) mix.push({ style: "listed", weight: number("listed") || 0.5 });
    const weighty = mix.filter((part) => part.weight > 0).sort((a, b) => b.weight - a.weight).slice(0, 6);
    const coloured = palette.length > 0 && form.elements.use_palette?.checked;
    const moods = Object.fromEntries(MOODS.map((name) => [name, number(name)]));
    return {
      sentence: form.elements.sentence.value, mix: weighty, ...moods,
      palette: coloured ? palette : [], palette_strength: coloured ? number("palette_strength") : 0,
    };
  }

  const pause = (wait) => new Promise((resolve) => setTimeout(resolve, wait));

  async function draw() {
    const turn = ++latest;
    const wanted = chosen();
    if (!photograph.value || !listing() || !wanted.mix.length) return;
    place.classList.add("busy");
    status.textContent = gettext("A preview is being painted …");
    try {
      await asking;
      if (turn !== latest) return;
      const request = call("POST", form.dataset.previewUrl, csrf,
        { photograph: photograph.value, listing: listing(), parameters: wanted });
      asking = request.catch(() => {});
      const asked = await request;
      for (;;) {
        await pause(LOOK);
        if (turn !== latest) return; // something was changed meanwhile
        const job = await call("GET", `${form.dataset.jobsUrl}${asked.job}/`, csrf);
        if (job.preview_url) {
          picture.src = job.preview_url;
          picture.hidden = false;
        }
        if (!OVER.includes(job.state)) continue;
        status.textContent = job.state === "succeeded" ? gettext("A preview; change what you like.") : job.error?.detail || gettext("No preview came of it.");
        break;
      }
    } catch (error) {
      if (turn === latest) status.textContent = error.message;
    } finally {
      if (turn === latest) place.classList.remove("busy");
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    const price = event.target.dataset.price;
    if (price) form.querySelector("[data-price-shown]").textContent = price;
    soon();
  });
  // The photograph stays when the sentence is changed.
  photograph.addEventListener("change", () => {
    if (carried) carried.value = photograph.value;
    soon();
  });
  if (photograph.value) soon();
})();
