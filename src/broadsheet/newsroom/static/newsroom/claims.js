// Deciding on claims without leaving the page: the page's own forms, sent in the background, and
// keys for them. What is marked in the text is in claims_marking.js.
"use strict";

(() => {
  const root = document.getElementById("claims");
  if (!root) return;
  const part = (name) => document.getElementById(`claims-${name}`);
  const list = part("list");
  const text = part("text");
  const taken = [];
  let active = null;
  let stamp = root.dataset.stamp;
  let busy = false;
  let dropping = false;

  let fading = 0;
  const say = (words, level = "success") => {
    const said = part("said");
    clearTimeout(fading);
    if (level === "success") fading = setTimeout(() => { said.textContent = ""; }, 8000);
    said.dataset.level = level;
    said.textContent = "";
    // A message that is the same again is read out again.
    setTimeout(() => { said.textContent = words; }, 30);
  };

  const form = () => document.getElementById("claim-form");
  const cards = () => [...list.querySelectorAll("[data-claim]")];
  const card = (number) => list.querySelector(`[data-claim="${number}"]`);
  const pieces = (number) =>
    [...text.querySelectorAll("[data-roles]")].filter((piece) =>
      piece.dataset.roles.split(" ").some((role) => role.endsWith(`-${number}`)),
    );

  // On a narrow screen the text stands above the list: there it stays where it is.
  const showInText = (piece) => {
    const box = piece.getBoundingClientRect();
    const room = text.getBoundingClientRect();
    if (text.scrollHeight <= text.clientHeight || (box.top >= room.top && box.bottom <= room.bottom)) return;
    text.scrollTop += box.top - room.top - room.height / 3;
  };

  const light = () => {
    for (const piece of text.querySelectorAll("[data-roles]")) {
      const now = piece.dataset.roles.split(" ").filter((role) => role.endsWith(`-${active}`));
      piece.classList.toggle("is-now", now.length > 0);
      for (const name of ["content", "source", "cue", "hedge", "time"]) {
        piece.classList.toggle(`now-${name}`, now.includes(`${name}-${active}`));
      }
    }
    for (const ref of text.querySelectorAll(".claims-ref")) {
      ref.classList.toggle("is-now", ref.id === `mark-${active}`);
    }
  };

  const activate = (number, { focus = true, scroll = true } = {}) => {
    const chosen = number === null ? null : card(number);
    active = chosen ? chosen.dataset.claim : null;
    for (const each of cards()) {
      each.classList.toggle("is-active", each === chosen);
      each.tabIndex = each === chosen ? 0 : -1;
    }
    light();
    if (!chosen) return;
    if (focus) chosen.focus({ preventScroll: true });
    if (scroll) {
      chosen.scrollIntoView({ block: "nearest", behavior: "instant" });
      const first = pieces(active)[0];
      if (first) showInText(first);
    }
  };

  const beside = (step) => {
    const all = cards();
    const at = all.findIndex((each) => each.dataset.claim === active);
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) activate(next.dataset.claim);
  };

  const show = (answer, { focus = true } = {}) => {
    const threshold = part("threshold")?.value;
    const kept = { list: list.scrollTop, text: text.scrollTop };
    for (const [name, html] of Object.entries(answer.parts)) part(name).innerHTML = html;
    if (threshold && part("threshold")) part("threshold").value = threshold;
    list.scrollTop = kept.list;
    text.scrollTop = kept.text;
    stamp = answer.stamp;
    root.dataset.waiting = String(answer.waiting);
    const at = document.getElementById("claim-new") ? "new" : (answer.at ?? active);
    activate(at === null ? null : String(at), { focus, scroll: focus });
    broadsheetClaims.opened(form());
    if (answer.undo.length) taken.push(answer.undo);
    if (answer.said) say(answer.said, answer.level);
    if (answer.waiting) poll();
  };

  const ask = async (url, options = {}) => {
    if (busy) return;
    busy = true;
    root.setAttribute("aria-busy", "true");
    try {
      const address = new URL(url, location.href);
      address.hash = "";
      address.searchParams.set("as", "parts");
      const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" }, ...options });
      if (answer.status === 204) return;
      if (!answer.headers.get("content-type")?.includes("json")) throw new Error(answer.statusText);
      show(await answer.json());
      const errors = document.getElementById("claim-errors");
      if (errors) errors.focus();
      dropping = false;
    } catch {
      say(root.dataset.failed, "error");
    } finally {
      busy = false;
      root.removeAttribute("aria-busy");
    }
  };

  const send = (sent, submitter) => {
    const data = new FormData(sent, submitter);
    return ask(sent.action, { method: "POST", body: data });
  };

  const decide = (verb, numbers) => {
    const data = new FormData(document.getElementById("claims-decide"));
    data.set(verb, numbers);
    return ask(root.dataset.address, { method: "POST", body: data });
  };

  root.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    event.preventDefault();
    if (event.target.id === "claim-form") broadsheetClaims.settle(event.target);
    send(event.target, event.submitter);
  });

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link?.matches(".claim-edit, .claim-cancel, #claims-add, .claims-reload")) {
      event.preventDefault();
      if (link.matches(".claim-cancel") && link.href.includes("at=")) active = link.href.split("at=")[1].split("#")[0];
      else if (link.matches(".claim-cancel")) active = null;
      ask(link.href);
      return;
    }
    const ref = link?.matches(".claims-ref, .claim-show, a[href^='#claim-']") ? link.hash : "";
    if (ref.startsWith("#claim-")) {
      event.preventDefault();
      activate(ref.slice("#claim-".length));
    } else if (ref.startsWith("#mark-")) {
      event.preventDefault();
      activate(ref.slice("#mark-".length), { focus: false });
      document.getElementById(ref.slice(1))?.focus({ preventScroll: true });
    } else if (!link && !event.target.closest("button, input, select, textarea, label")) {
      const chosen = event.target.closest("[data-claim]");
      const piece = event.target.closest("#claims-text [data-roles]");
      if (chosen && chosen.dataset.claim !== active) activate(chosen.dataset.claim, { focus: !form() });
      // A click only chooses where it does not select.
      else if (piece && !form() && getSelection().isCollapsed) {
        activate(piece.dataset.roles.split(" ")[0].split("-")[1], { focus: false });
      }
    }
  });

  const undo = () => {
    const status = active && card(active)?.dataset.status;
    if (status && status !== "suggested") return decide("reopen", active);
    const last = taken.pop();
    return last ? decide("reopen", last.join(",")) : say(root.dataset.undone, "error");
  };

  const press = (name) => active && card(active)?.querySelector(`[name=${name}]`)?.click();

  const leave = () => {
    const open = form();
    if (!open) return;
    if (broadsheetClaims.changed(open) && !dropping) {
      dropping = true;
      say(root.dataset.unsaved, "error");
      return;
    }
    open.querySelector(".claim-cancel").click();
  };

  const KEYS = {
    j: () => beside(1),
    k: () => beside(-1),
    ArrowDown: () => beside(1),
    ArrowUp: () => beside(-1),
    c: () => press("confirm"),
    Enter: () => press("confirm"),
    x: () => press("reject"),
    u: undo,
    A: () => part("above")?.requestSubmit(),
    m: () => part("review")?.click(),
    e: () => active && card(active)?.querySelector(".claim-edit")?.click(),
    a: () => broadsheetClaims.add(),
    s: () => broadsheetClaims.mark("source", false),
    q: () => broadsheetClaims.mark("cue", false),
    t: () => broadsheetClaims.mark("content", false),
    S: () => broadsheetClaims.mark("source", true),
    Q: () => broadsheetClaims.mark("cue", true),
    T: () => broadsheetClaims.mark("content", true),
  };
  // Where a keyboard writes other letters, the key at the same place means the Latin one.
  const named = ({ key, code, shiftKey }) => {
    if (/^[\x20-\x7e]+$/.test(key)) return key;
    if (key === "؟") return "?";
    const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? key;
    return shiftKey ? letter : letter.toLowerCase();
  };
  const NO_DECISIONS = ["c", "Enter", "x", "u", "A", "m", "e"];

  // Before Wagtail, which has keys of its own.
  window.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const here = target === document.body || root.contains(target);
    if (!here || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (form() && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form().requestSubmit();
      return;
    }
    if (form() && event.key === "Escape") {
      event.preventDefault();
      leave();
      return;
    }
    if (event.ctrlKey || event.metaKey || !part("keys-on").checked) return;
    if (target.closest("input:not([type=checkbox]), select, textarea, [contenteditable=true]")) return;
    // Enter is for the claim that has the focus, not for a link or a button in it.
    if (event.key === "Enter" && !target.matches("[data-claim]")) return;
    // In the text the arrows scroll, as they do anywhere.
    if (event.key.startsWith("Arrow") && !(target === document.body || target.closest("[data-claim]"))) return;
    const key = named(event);
    if (key === "?") {
      event.preventDefault();
      event.stopImmediatePropagation();
      part("help").showModal();
      return;
    }
    const act = KEYS[key];
    if (!act || (form() && NO_DECISIONS.includes(key))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }, true);

  let timer = 0;
  let pause = 1500;
  const poll = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      pause = Math.min(pause * 1.4, 15000);
      if (document.hidden || busy) return poll();
      try {
        const url = new URL(root.dataset.address, location.href);
        url.searchParams.set("as", "parts");
        url.searchParams.set("known", stamp);
        const answer = await fetch(url);
        if (answer.status === 200 && form()) say(root.dataset.newer, "warning");
        else if (answer.status === 200) show(await answer.json(), { focus: false });
        else poll();
      } catch {
        poll();
      }
    }, pause);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || root.dataset.waiting !== "true") return;
    pause = 500;
    poll();
  });

  try {
    const stored = localStorage.getItem("broadsheet-claims-keys");
    part("keys-on").checked = stored !== "off";
    part("keys-on").addEventListener("change", (event) => {
      localStorage.setItem("broadsheet-claims-keys", event.target.checked ? "on" : "off");
    });
  } catch {
    // Without storage the keys are on at every start.
  }
  part("help-show").addEventListener("click", () => part("help").showModal());
  root.classList.add("is-live");
  for (const hidden of root.querySelectorAll(".claims-keys, .claims-marking")) hidden.hidden = false;
  window.broadsheetClaims.start({ root, text, form, ask, say, activate, active: () => active });
  const first = list.querySelector("[data-claim].is-active")
    || (location.hash.startsWith("#claim-") && list.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : "none"))
    || list.querySelector('[data-status="suggested"]') || list.querySelector("[data-claim]");
  if (first) activate(first.dataset.claim, { focus: !form() });
  broadsheetClaims.opened(form());
  if (root.dataset.waiting === "true") poll();
})();
