// A claim of the text shows by which way it came, where a reader points at it, reaches its
// reference with the keyboard, or taps on it. Without this script the reference leads to the list.
(() => {
  "use strict";
  const script = document.currentScript;
  const list = document.getElementById("sources");
  const text = document.querySelector(".story .text");
  if (!list || !text) return;
  const pop = document.createElement("div");
  pop.className = "pop";
  pop.id = "claim-pop";
  pop.hidden = true;
  pop.lang = document.body.lang || document.documentElement.lang;
  pop.dir = document.documentElement.dir;
  document.getElementById("main").append(pop);
  let shown = "";
  let waiting = 0;
  let dismissed = null;
  let touched = false;

  const numberOf = (mark) => mark.dataset.claim || mark.id.slice("claim-".length);
  const refNumber = (ref) => ref.hash.slice("#source-".length);
  const marksOf = (number) =>
    text.querySelectorAll(`#claim-${number}, [data-claim="${number}"]`);
  const refs = [...text.querySelectorAll("a.ref")];

  function fill(number) {
    const entry = document.getElementById(`source-${number}`);
    const chain = entry && entry.parentElement.parentElement.querySelector(".chain");
    if (!chain) return false;
    const way = chain.cloneNode(true);
    way.removeAttribute("id");
    const parts = [way];
    const doubt = chain.parentElement.querySelector(":scope > .doubt");
    if (doubt) parts.push(doubt.cloneNode(true));
    const small = entry.querySelector(":scope > small");
    if (small) parts.push(small.cloneNode(true));
    const more = document.createElement("p");
    const link = document.createElement("a");
    link.href = `#source-${number}`;
    link.textContent = script.dataset.list;
    more.append(link);
    pop.replaceChildren(...parts, more);
    return true;
  }

  // Below the line pointed at, or above it where the window ends; never wider than the window.
  function place(rect) {
    const wide = document.documentElement.clientWidth;
    const high = window.innerHeight;
    const rtl = pop.dir === "rtl";
    const size = pop.getBoundingClientRect();
    const wish = rtl ? rect.right - size.width : rect.left;
    const left = Math.max(8, Math.min(wish, wide - size.width - 8));
    const above = rect.bottom + size.height + 12 > high && rect.top > size.height + 12;
    const top = above ? rect.top - size.height - 6 : rect.bottom + 6;
    pop.style.left = `${left + window.scrollX}px`;
    pop.style.top = `${top + window.scrollY}px`;
  }

  function hide() {
    clearTimeout(waiting);
    if (shown) marksOf(shown).forEach((mark) => mark.classList.remove("on"));
    shown = "";
    pop.hidden = true;
  }

  function show(number, rect) {
    clearTimeout(waiting);
    if (shown === number) return;
    hide();
    if (!fill(number)) return;
    shown = number;
    marksOf(number).forEach((mark) => mark.classList.add("on"));
    pop.hidden = false;
    pop.style.left = pop.style.top = "0px";
    place(rect);
  }

  function soon(act, delay) {
    clearTimeout(waiting);
    waiting = setTimeout(act, delay);
  }

  function lineAt(mark, y) {
    const lines = [...mark.getClientRects()];
    return lines.find((line) => line.top <= y && y <= line.bottom) || lines[lines.length - 1];
  }

  function pointed(target) {
    const found = target instanceof Element ? target.closest(".claim, a.ref") : null;
    return found && text.contains(found) ? found : null;
  }

  const numberAt = (found) => (found.matches("a.ref") ? refNumber(found) : numberOf(found));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (pop.contains(event.target)) {
      clearTimeout(waiting);
      return;
    }
    const found = pointed(event.target);
    if (found !== dismissed) dismissed = null;
    if (found && !dismissed) {
      const y = event.clientY;
      soon(() => show(numberAt(found), lineAt(found, y)), shown ? 150 : 300);
    } else if (shown && !refs.includes(document.activeElement)) {
      soon(hide, 300);
    } else {
      clearTimeout(waiting);
    }
  });

  text.addEventListener("focusin", (event) => {
    if (event.target.matches("a.ref") && !touched) {
      show(refNumber(event.target), event.target.getBoundingClientRect());
    }
  });
  text.addEventListener("focusout", (event) => {
    if (!pop.contains(event.relatedTarget) && !touched) hide();
  });

  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch" || event.pointerType === "pen";
  });
  document.addEventListener("click", (event) => {
    if (pop.contains(event.target)) {
      if (event.target.closest("a")) hide();
      return;
    }
    const found = pointed(event.target);
    const link = event.target instanceof Element && event.target.closest("a:not(.ref)");
    if (!touched || link) return;
    touched = false;
    if (!found) {
      hide();
    } else if (found.matches("a.ref") && shown === refNumber(found)) {
      hide();
    } else {
      event.preventDefault();
      show(numberAt(found), lineAt(found, event.clientY));
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    dismissed = text.querySelector(".claim:hover") ? pointed(deepest()) : null;
    hide();
  });
  const deepest = () => [...text.querySelectorAll(".claim:hover, a.ref:hover")].pop();
  window.addEventListener("resize", hide);
})();
