// The wire queue while it lies open: what is new is told every quarter of a minute and put at the
// top when somebody asks for it, never under the hand that is about to press. And its keys.
"use strict";

(() => {
  const PAUSE_MS = 15000;
  const MOST_NEW = 100;
  const news = document.querySelector("[data-wire-news]");
  const rows = document.querySelector("[data-wire-rows]");
  const said = document.querySelector(".wire-news__said");

  function watch() {
    let waiting = [];
    let newest = Number(news.dataset.newest);
    let timer = 0;
    let lost = false;

    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small wire-news__show";
    button.hidden = true;
    said.after(button);

    const known = (row) => rows.querySelector(`[data-key="${row.dataset.key}"]`) !== null;

    const told = (count) => {
      if (count >= MOST_NEW) return news.dataset.tooMany.replace("{count}", MOST_NEW);
      return count === 1 ? news.dataset.one : news.dataset.many.replace("{count}", count);
    };

    const tell = () => {
      const text = waiting.length ? told(waiting.length) : "";
      button.hidden = !text;
      if (button.textContent !== text) {
        button.textContent = text;
        said.textContent = text;
        said.classList.toggle("w-sr-only", Boolean(text));
      }
    };

    const show = () => {
      if (waiting.length >= MOST_NEW) return location.assign(location.pathname + location.search);
      const fresh = waiting.filter((row) => !known(row));
      waiting = [];
      for (const row of fresh) row.classList.add("is-new");
      rows.prepend(...fresh);
      document.querySelector(".wire-none")?.remove();
      tell();
      fresh[0]?.querySelector("a")?.focus();
    };

    const ask = async () => {
      timer = setTimeout(ask, PAUSE_MS);
      if (document.hidden || waiting.length >= MOST_NEW) return;
      try {
        const url = new URL(news.dataset.wireNews, location.href);
        url.searchParams.set("after", newest);
        const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
        if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const table = page.querySelector("table[data-newest]");
        if (!table) throw new Error("no table");
        const there = new Set(waiting.map((row) => row.dataset.key));
        const fresh = [...table.querySelectorAll("tr[data-key]")].filter(
          (row) => !known(row) && !there.has(row.dataset.key),
        );
        newest = Math.max(newest, Number(table.dataset.newest));
        waiting = [...fresh.map((row) => document.importNode(row, true)), ...waiting];
        if (lost) said.textContent = "";
        lost = false;
        tell();
      } catch {
        if (!lost && !waiting.length) {
          said.classList.remove("w-sr-only");
          said.textContent = news.dataset.lost;
        }
        lost = true;
      }
    };

    button.addEventListener("click", show);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      clearTimeout(timer);
      timer = setTimeout(ask, 300);
    });
    timer = setTimeout(ask, PAUSE_MS);
  }

  const STEPS = { KeyJ: 1, KeyK: -1 };

  function keys() {
    const links = () => [...rows.querySelectorAll(".wire-item > a")];
    const hint = document.querySelector("[data-wire-keys]");
    if (hint) hint.hidden = false;
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const all = links();
      const row = document.activeElement?.closest?.("tr[data-key]");
      const at = all.findIndex((link) => row?.contains(link));
      if (event.code in STEPS && all.length) {
        // By the key's place, so that keyboards that write other letters have it, too.
        const to = at < 0 ? 0 : Math.min(Math.max(at + STEPS[event.code], 0), all.length - 1);
        all[to].focus();
        event.preventDefault();
      } else if (event.code === "KeyX" && row) {
        const box = row.querySelector("input[type=checkbox]");
        if (box) box.checked = !box.checked;
        event.preventDefault();
      }
    });
  }

  if (news && rows) watch();
  if (rows) keys();
})();
