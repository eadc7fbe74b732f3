// Marking a claim by selecting words of the text: what is selected becomes the source, the cue or
// the claim of the form that is open. Positions count code points of the story's text, as the
// server does.
"use strict";

window.broadsheetClaims = (() => {
  let page = null;
  let asSent = "";
  let waitingMark = null;
  const ROLES = ["content", "cue", "source"];
  const points = (string) => Array.from(string).length;

  const field = (form, name) => form.elements.namedItem(name);

  // Selected text as [start, end], the page's numbers between the words left out.
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!page.text.contains(range.commonAncestorContainer)) return null;
    let start = null;
    let end = null;
    for (const piece of page.text.querySelectorAll("[data-start]")) {
      const words = piece.firstChild;
      if (!words || !range.intersectsNode(words)) continue;
      const from = range.startContainer === words ? range.startOffset : 0;
      const to = range.endContainer === words ? range.endOffset : words.data.length;
      if (from >= to) continue;
      const at = Number(piece.dataset.start);
      start ??= at + points(words.data.slice(0, from));
      end = at + points(words.data.slice(0, to));
    }
    return start === null ? null : trimmed([start, end]);
  };

  const rangeOf = ([start, end]) => {
    const range = document.createRange();
    let begun = false;
    for (const piece of page.text.querySelectorAll("[data-start]")) {
      const at = Number(piece.dataset.start);
      const letters = Array.from(piece.firstChild?.data ?? "");
      const offset = (place) => letters.slice(0, place - at).join("").length;
      if (!begun && start >= at && start < at + letters.length) {
        range.setStart(piece.firstChild, offset(start));
        begun = true;
      }
      if (begun && end > at && end <= at + letters.length) {
        range.setEnd(piece.firstChild, offset(end));
        return range;
      }
    }
    return null;
  };

  const wordsOf = ([start, end]) => {
    let words = "";
    let last = null;
    for (const piece of page.text.querySelectorAll("[data-start]")) {
      const at = Number(piece.dataset.start);
      const letters = Array.from(piece.firstChild?.data ?? "");
      if (at >= end || at + letters.length <= start) continue;
      const passage = piece.closest(".claims-passage");
      if (last && passage !== last) words += " ";
      last = passage;
      words += letters.slice(Math.max(0, start - at), end - at).join("");
    }
    return words;
  };

  // Spaces at the ends are nobody's words.
  const trimmed = ([start, end]) => {
    const words = wordsOf([start, end]);
    const before = points(words) - points(words.trimStart());
    const after = points(words) - points(words.trimEnd());
    return start + before < end - after ? [start + before, end - after] : null;
  };

  const spansIn = (form, role) =>
    [...field(form, `${role}_at`).value.matchAll(/(\d+)-(\d+)/g)].map((found) => [Number(found[1]), Number(found[2])]);

  const overlapping = (one, other) => one[0] < other[1] && other[0] < one[1];

  const put = (form, role, spans) => {
    const words = spans.map((span) => wordsOf(span).replace(/\s+/g, " ").trim());
    field(form, `${role}_at`).value = spans.map((span) => span.join("-")).join(",");
    const box = field(form, `${role}_words`);
    const before = box.value;
    box.value = words.join("\n");
    if (role === "source") named(form, before.split("\n")[0].trim(), words[0] ?? "");
    draw(form);
  };

  // A source that was called by its words is called by its new ones.
  const named = (form, before, now) => {
    const name = field(form, "source_name");
    if (name.value && name.value !== before) return;
    name.value = now;
    if (["implicit", "missing"].includes(field(form, "source_kind").value)) field(form, "source_kind").value = "named";
    field(form, "register_source").value = "";
    renamed(form);
  };

  const mark = (role, more) => {
    const span = selected();
    if (!span) return page.say(page.root.dataset.nothing, "error");
    const form = page.form();
    if (!form) {
      const edit = page.active() && page.root.querySelector(`#claim-${page.active()} .claim-edit`);
      if (!edit) return add();
      waitingMark = [role, span, more];
      return edit.click();
    }
    const beside = more || document.getElementById("claims-more")?.checked;
    const kept = beside ? spansIn(form, role).filter((other) => !overlapping(span, other)) : [];
    put(form, role, [...kept, span].sort((one, other) => one[0] - other[0]));
    form.querySelector(`[name=${role}_words]`).closest(".claim-field").scrollIntoView({ block: "nearest" });
    page.say(`${form.querySelector(`label[for=id_${role}_words]`).firstChild.data.trim()}: ${wordsOf(span)}`);
  };

  const add = () => {
    const span = selected();
    if (page.form()) return span && mark("content", false);
    if (span) waitingMark = ["content", span, false];
    return document.getElementById("claims-add")?.click();
  };

  // What is marked in the open form, drawn over the text.
  const draw = (form) => {
    if (!window.Highlight) return;
    for (const role of ROLES) {
      const ranges = form ? spansIn(form, role).map(rangeOf).filter(Boolean) : [];
      if (ranges.length) CSS.highlights.set(`claims-${role}`, new Highlight(...ranges));
      else CSS.highlights.delete(`claims-${role}`);
    }
    page.root.classList.toggle("is-marking", Boolean(form));
  };

  const snapshot = (form) => new URLSearchParams(new FormData(form)).toString();

  // ------------------------------------------------------------------ the chain

  const order = (hops) => {
    [...hops.querySelectorAll("li")].forEach((hop, place) => {
      const box = hop.querySelector("[name$=-ORDER]");
      if (box) box.value = place + 1;
    });
  };

  const arm = (hops) => {
    for (const acts of hops.querySelectorAll(".claim-hop-acts, .claim-hop-add")) acts.hidden = false;
    hops.classList.add("is-live");
  };

  const addHop = (hops) => {
    const total = hops.querySelector("[name$=-TOTAL_FORMS]");
    const fresh = hops.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const list = hops.querySelector("ol");
    list.insertAdjacentHTML("afterbegin", fresh);
    total.value = Number(total.value) + 1;
    arm(hops);
    order(hops);
    list.querySelector("li input:not([type=hidden])").focus();
  };

  const moveHop = (hop, how) => {
    const hops = hop.closest(".claim-hops");
    const shown = (other, next) => { while (other?.hidden) other = other[next]; return other; };
    if (how === "up") shown(hop.previousElementSibling, "previousElementSibling")?.before(hop);
    else if (how === "down") shown(hop.nextElementSibling, "nextElementSibling")?.after(hop);
    else {
      hop.hidden = true;
      hop.querySelector("[name$=-DELETE]").checked = true;
    }
    order(hops);
    if (!hop.hidden) hop.querySelector(`[data-hop=${how}]`).focus();
  };

  // ------------------------------------------------------------------ the register

  let naming = 0;
  const renamed = (form) => {
    clearTimeout(naming);
    naming = setTimeout(async () => {
      const url = new URL(page.root.dataset.register, location.href);
      url.searchParams.set("name", field(form, "source_name").value);
      url.searchParams.set("language", page.root.dataset.language);
      try {
        const { sources } = await (await fetch(url)).json();
        const select = field(form, "register_source");
        const chosen = select.value;
        const fixed = [...select.options].filter((option) => ["", "none", chosen].includes(option.value));
        const offered = sources.filter(([key]) => String(key) !== chosen).map(([key, name]) => new Option(name, key));
        select.replaceChildren(...fixed, ...offered);
        select.value = chosen;
        form.querySelector("datalist").replaceChildren(...sources.map(([, name]) => new Option(name.replace(/ \([^()]*\)$/, ""))));
      } catch {
        // The field works without suggestions.
      }
    }, 300);
  };

  // ------------------------------------------------------------------ the form

  const opened = (form) => {
    draw(form);
    if (!form) return;
    for (const hidden of form.querySelectorAll(".claims-keys")) hidden.hidden = false;
    const hops = form.querySelector(".claim-hops");
    // The empty row is for browsers without scripts.
    const extra = hops.querySelector("ol > li:last-child:not(.claim-hop--own)");
    const total = hops.querySelector("[name$=-TOTAL_FORMS]");
    const initial = hops.querySelector("[name$=-INITIAL_FORMS]");
    if (extra && Number(total.value) === Number(initial.value) + 1 && !extra.querySelector("input[type=text]").value) {
      extra.remove();
      total.value = initial.value;
    }
    arm(hops);
    asSent = snapshot(form);
    if (waitingMark) {
      const [role, span, more] = waitingMark;
      waitingMark = null;
      const kept = more ? spansIn(form, role).filter((other) => !overlapping(span, other)) : [];
      put(form, role, [...kept, span].sort((one, other) => one[0] - other[0]));
    }
  };

  const start = (given) => {
    page = given;
    page.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-hop]");
      if (act) moveHop(act.closest("li"), act.dataset.hop);
      else if (event.target.closest(".claim-hop-add")) addHop(event.target.closest(".claim-hops"));
      else if (event.target.closest("[data-mark]")) mark(event.target.closest("[data-mark]").dataset.mark, event.shiftKey);
    });
    // A press on a button would take the selection away.
    page.root.querySelector(".claims-marking")?.addEventListener("mousedown", (event) => {
      if (!event.target.closest("label")) event.preventDefault();
    });
    page.root.addEventListener("input", (event) => {
      const form = event.target.closest("#claim-form");
      if (form && event.target.name === "source_name") renamed(form);
    });
  };

  return {
    start, mark, add, opened,
    changed: (form) => snapshot(form) !== asSent,
    settle: (form) => order(form.querySelector(".claim-hops")),
  };
})();
