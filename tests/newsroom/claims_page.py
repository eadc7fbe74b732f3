"""The claims of a story as somebody at the desk works on them, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

# Where words of the text stand on the screen: just within the first letter and the last.
_ENDS = """(words) => {
  // A press on words that are selected would drag them away.
  getSelection().removeAllRanges();
  const walker = document.createTreeWalker(
    document.getElementById("claims-text"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let all = "";
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("[data-start]")) continue;
    nodes.push([all.length, walker.currentNode]);
    all += walker.currentNode.data;
  }
  const spot = (at) => {
    const [begin, node] = nodes.findLast(([begin]) => begin <= at);
    const range = document.createRange();
    range.setStart(node, at - begin);
    range.setEnd(node, at - begin + 1);
    node.parentElement.scrollIntoView({block: "center", behavior: "instant"});
    return range;
  };
  const start = all.indexOf(words);
  const first = spot(start);
  const last = spot(start + words.length - 1);
  const [a, b] = [first.getBoundingClientRect(), last.getBoundingClientRect()];
  const rtl = document.getElementById("claims-text").dir === "rtl";
  // A caret stands at the nearer edge of a letter.
  const in_ = (box) => box.width / 5;
  return [rtl ? a.right - in_(a) : a.left + in_(a), a.top + a.height / 2,
          rtl ? b.left + in_(b) : b.right - in_(b), b.top + b.height / 2];
}"""


class ClaimsPage:
    """Somebody at the claims of a story, whose key presses are counted."""

    def __init__(self, page: Page, address: str, story: int) -> None:
        self.page, self.presses = page, 0
        page.goto(f"{address}/newsroom/stories/sources/{story}/")
        expect(page.locator("#claims")).to_have_class("is-live")
        # Wagtail's menu moves the page when it is drawn.
        page.wait_for_load_state("networkidle")

    def press(self, key: str) -> None:
        """Press a key."""
        self.presses += 1
        self.page.keyboard.press(key)

    def hears(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page says these words."""
        expect(self.page.locator("#claims-said")).to_have_text(words)

    def is_at(self, number: int) -> None:
        """Wait until a claim has the focus."""
        expect(self.page.locator(f"#claim-{number}")).to_be_focused()

    def select(self, words: str) -> None:
        """Select words with the mouse."""
        from_x, from_y, to_x, to_y = self.page.evaluate(_ENDS, words)
        self.page.mouse.move(from_x, from_y)
        self.page.mouse.down()
        self.page.mouse.move(to_x, to_y, steps=4)
        self.page.mouse.up()
        assert self.page.evaluate("getSelection().toString()").strip() == words
