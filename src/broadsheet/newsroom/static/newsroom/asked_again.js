// What is told beside a story that is being written, of its sources and by the checks: asked for
// again after each save, and while the saved text waits to be read.
"use strict";

(() => {
  const SOON_MS = 2500;
  const LATEST_MS = 20000;
  const SAVED_MS = 500;

  function watch(panel) {
    let pause = SOON_MS;
    let timer = 0;

    const address = () => {
      // A new story has no number before it is first saved; then the form's address has it.
      const number = panel.dataset.newsId || (/\/edit\/(\d+)\//.exec(location.pathname) || [])[1];
      return number && panel.dataset.askedAgain.replace("/0/", `/${number}/`);
    };

    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, pause);
      pause = Math.min(pause * 1.5, LATEST_MS);
    };

    const show = (now) => {
      const before = panel.querySelector("[data-waiting]");
      const opened = before?.querySelector("details[open]");
      if (opened) now.querySelector("details")?.setAttribute("open", "");
      if (!before?.isEqualNode(now)) panel.replaceChildren(now);
    };

    const ask = async () => {
      const url = address();
      if (!url || document.hidden) return later();
      try {
        const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
        if (!answer.ok) return;
        const found = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = found.querySelector("[data-waiting]");
        if (!now) return;
        show(document.importNode(now, true));
        if (now.dataset.waiting === "true") later();
      } catch {
        later();
      }
    };

    const soon = () => {
      pause = SOON_MS;
      clearTimeout(timer);
      timer = setTimeout(ask, SAVED_MS);
    };

    const waits = () => panel.querySelector("[data-waiting=true]") !== null;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && waits()) soon();
    });
    document.addEventListener("w-autosave:success", soon);
    if (waits()) later();
  }

  for (const panel of document.querySelectorAll("[data-asked-again]")) watch(panel);
})();
