// Sending from the browser: a question to the API, and a file straight into the object store.
(() => {
  "use strict";

  // The problem's own words, the fields' where a field is to blame.
  const wordsOf = (problem) =>
    [problem.detail, ...Object.values(problem.errors ?? {}).flat()].filter(Boolean).join(" ") ||
    gettext("The upload failed. Please try again.");

  async function call(method, url, csrf, body) {
    const answer = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, "Accept-Language": document.documentElement.lang },
      body: body ? JSON.stringify(body) : undefined,
    });
    const json = await answer.json().catch(() => ({}));
    if (answer.ok) return json;
    // Whoever asks too often, and whom the house cannot serve just now, may ask again.
    const again = answer.status === 429 || answer.status >= 500;
    throw Object.assign(new Error(wordsOf(json)), { again, wait: Number(answer.headers.get("Retry-After")) || 0 });
  }

  const put = (target, file, tell) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const fail = (words) => reject(Object.assign(new Error(words), { again: true }));
      request.open(target.method, target.url);
      for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => tell(event.loaded, event.total);
      request.onload = () => (request.status < 300 ? resolve() : fail(gettext("The upload was refused.")));
      request.onerror = () => fail(gettext("The connection broke while uploading. Please try again."));
      request.send(file);
    });

  window.sending = { call, put, wordsOf };
})();
