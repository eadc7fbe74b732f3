"""The HTML that Ghost makes of its cards, without the buttons and icons around their words."""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

# Controls of players, icons, forms, and what repeats the name of a file or a site.
_FURNITURE = {
    "kg-audio-player", "kg-audio-thumbnail", "kg-video-overlay", "kg-video-player-container",
    "kg-video-player", "kg-bookmark-icon", "kg-bookmark-thumbnail", "kg-bookmark-metadata",
    "kg-file-card-icon", "kg-file-card-metadata", "kg-product-card-rating", "kg-signup-card-form",
    "kg-toggle-card-icon", "kg-twitter-link",
}  # fmt: skip
_UNWRAPPED = {"kg-bookmark-container", "kg-file-card-container"}
_TITLES = ("kg-bookmark-title", "kg-file-card-title")


def simplified(markup: str) -> str:
    """Return ``markup`` with the words of its cards, and nothing that only worked in Ghost."""
    if "kg-" not in markup:
        return markup
    try:
        root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.Error, ValueError):
        return markup
    for element in list(root.iter()):
        classes = set((element.get("class") or "").split()) if _is_markup(element) else set()
        if classes & _FURNITURE and element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter("a")):
        if set((element.get("class") or "").split()) & _UNWRAPPED:
            _unwrap(element)
    return "".join(
        [
            root.text or "",
            *(etree.tostring(child, encoding="unicode", method="html") for child in root),
        ]
    )


def _unwrap(link: lxml_html.HtmlElement) -> None:
    """Leave the link on the title alone: it cannot stand around paragraphs."""
    href = link.get("href") or ""
    for name in _TITLES:
        for title in link.find_class(name):
            words = " ".join(title.text_content().split())
            if words:
                title.clear()
                inner = etree.SubElement(title, "a", {"href": href})
                inner.text = words
                link.tag = "div"
                link.attrib.pop("href", None)
                return
    for file_name in link.find_class("kg-file-card-filename"):
        file_name.drop_tag()


def _is_markup(element: object) -> bool:
    return isinstance(getattr(element, "tag", None), str)
