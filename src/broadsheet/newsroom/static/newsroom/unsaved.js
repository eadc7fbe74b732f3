// Wagtail saves by itself once nobody has typed for a second, and its header says "Saved" of the
// time before until then. It says nothing while words are there that are not saved.
"use strict";

(() => {
  const unsaved = (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("#w-editor-form")) return;
    document.getElementById("w-autosave-indicator")?.setAttribute("data-w-autosave-state-value", "idle");
  };
  // Capturing, and before the input: the editor of paragraphs cancels what it types itself.
  for (const kind of ["beforeinput", "input", "change"]) {
    document.addEventListener(kind, unsaved, true);
  }
})();
