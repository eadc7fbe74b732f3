// Copying a story's link. Everything else on the paper works without any script.
const words = {};
const say = (message) => (words[document.body.lang || document.documentElement.lang] || {})[message] || message;

for (const list of document.querySelectorAll("ul.share")) {
  if (!navigator.clipboard) continue;
  const canonical = document.querySelector("link[rel=canonical]");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say("Copy link");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(canonical ? canonical.href : location.href);
    button.textContent = say("Copied");
    setTimeout(() => { button.textContent = say("Copy link"); }, 2000);
  });
  const item = document.createElement("li");
  item.append(button);
  list.prepend(item);
}
