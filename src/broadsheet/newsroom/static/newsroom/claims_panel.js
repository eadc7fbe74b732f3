// The sources beside a story that is being written: asked for again after each save, and while
// the saved text waits to be read.
"use strict";

(() => {
  const panel = document.querySelector("[data-claims-summary]");
  if (!panel) return;
  const SOON_MS = 2500;
  const LATEST_MS = 20000;
  let pause = SOON_MS;
  let timer = 0;

  const address = () => {
    // A new story has no number before it is first saved; then the form's address has it.
    const number = panel.dataset.newsId || (/\/edit\/(\d+)\//.exec(location.pathname) || [])[1];
    return number && panel.dataset.claimsSummary.replace("/0/", `/${number}/`);
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
      const found = document.createElement("div");
      found.innerHTML = await answer.text();
      const now = found.querySelector("[data-stamp]");
      const before = panel.querySelector("[data-stamp]");
      if (!now) return;
      if (!before || before.dataset.stamp !== now.dataset.stamp) panel.replaceChildren(now);
      if (now.dataset.waiting === "true") later();
    } catch {
      later();
    }
  };

  const soon = () => {
    pause = SOON_MS;
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && panel.querySelector("[data-waiting=true]")) soon();
  });

  document.addEventListener("w-autosave:success", soon);
  if (panel.querySelector("[data-waiting=true]")) later();
})();
