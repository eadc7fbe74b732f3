// What the checks say of a story that is being written: asked for again after each save, and
// while the saved text waits to be read.
"use strict";

(() => {
  const panel = document.querySelector("[data-checks]");
  if (!panel) return;
  const SOON_MS = 2500;
  const LATEST_MS = 20000;
  let pause = SOON_MS;
  let timer = 0;

  const address = () => {
    // A new story has no number before it is first saved; then the form's address has it.
    const number = panel.dataset.newsId || (/\/edit\/(\d+)\//.exec(location.pathname) || [])[1];
    return number && panel.dataset.checks.replace("/0/", `/${number}/`);
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
    pause = Math.min(pause * 1.5, LATEST_MS);
  };

  const ask = async () => {
    const url = address();
    if (!url || document.hidden) return later();
    try {
      const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = found.querySelector(".checks");
      if (!now) return;
      const open = panel.querySelector("details[open]") !== null;
      panel.replaceChildren(document.importNode(now, true));
      if (open) panel.querySelector("details")?.setAttribute("open", "");
      if (now.dataset.waiting === "true") later();
    } catch {
      later();
    }
  };

  document.addEventListener("w-autosave:success", () => {
    pause = SOON_MS;
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  });
  if (panel.querySelector("[data-waiting=true]")) later();
})();
