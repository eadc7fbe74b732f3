// The letters' form, made more comfortable: a new key without leaving the page, and the proof of
// work that stands beside the key. Without this script the form works all the same.
(() => {
  "use strict";
  const words = {};
  const say = (message) => (words[document.body.lang || document.documentElement.lang] || {})[message] || message;
  const form = document.getElementById("l-form");
  if (!form || !window.fetch) return;
  const status = document.getElementById("l-status");
  const picture = document.getElementById("l-pic");
  const sound = document.getElementById("l-snd");
  const refresh = form.elements.refresh;
  const keys = form.action.replace(/(\d+)\/[^/]*$/, "keys/$1/");
  const hidden = (name) => {
    const old = form.elements[name];
    if (old) return old;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    form.append(input);
    return input;
  };
  const key = hidden("key");
  const work = hidden("work");
  let fetching = Promise.resolve();
  let proof = Promise.resolve();
  let asked = false;
  let sending = false;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (buffer) =>
    Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // ALTCHA, version 2: find the counter whose PBKDF2 starts as the challenge says. WebCrypto
  // computes off this thread. It is only there on https and on this machine itself; elsewhere
  // the comment goes without proof and waits a little longer.
  async function prove(challenge, mine) {
    const subtle = window.crypto && window.crypto.subtle;
    if (!subtle) return;
    const given = challenge.parameters;
    const nonce = bytes(given.nonce);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    const counting = new DataView(password.buffer, nonce.length);
    const rule = {
      name: "PBKDF2",
      hash: "SHA-256",
      salt: bytes(given.salt),
      iterations: given.cost,
    };
    for (let counter = 0; key.value === mine; counter += 1) {
      counting.setUint32(0, counter);
      const material = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      const derived = hex(await subtle.deriveBits(rule, material, given.keyLength * 8));
      if (derived.startsWith(given.keyPrefix)) {
        const solution = { counter, derivedKey: derived };
        work.value = btoa(JSON.stringify({ challenge, solution }));
        return;
      }
    }
  }

  async function fetchKey(name) {
    asked = true;
    const answer = await fetch(`${keys}${name}.json`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = await answer.json();
    const changed = key.value !== made.key;
    key.value = made.key;
    work.value = "";
    if (picture && changed) picture.src = `${keys}${made.key}.png`;
    if (sound && changed) sound.src = `${keys}${made.key}.wav`;
    proof = prove(made.challenge, made.key).catch(() => {});
  }

  function begin() {
    if (asked) return;
    fetching = fetchKey(key.value || "new").catch(() => {
      asked = false;
      // The picture makes a key of its own, as it does without this script.
      if (picture && !key.value) picture.src = `${keys}new.png`;
    });
  }

  // Before the form is opened the picture must not ask for a key that nobody will answer.
  if (picture && !key.value) picture.removeAttribute("src");
  const details = form.closest("details");
  if (!details || details.open) begin();
  else details.addEventListener("toggle", begin);

  refresh.addEventListener("click", (event) => {
    event.preventDefault();
    fetchKey("new").then(
      () => {
        form.elements.answer.value = "";
        status.textContent = say("A new key is shown.");
        form.elements.answer.focus();
      },
      () => {
        status.textContent = say("No new key could be fetched. Try again in a moment.");
      },
    );
  });

  form.addEventListener("submit", (event) => {
    if (event.submitter === refresh || work.value) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    status.textContent = say("One moment, your comment is being sent.");
    // Whoever is faster than the key and its work has only to wait for them.
    fetching.then(() => proof).then(() => form.submit());
  });
  // Coming back with the browser's button, the form must be sendable again.
  window.addEventListener("pageshow", () => {
    sending = false;
    status.textContent = "";
  });

  const errors = document.getElementById("l-errors");
  if (errors) errors.focus();
})();
