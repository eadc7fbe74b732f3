"""What each known shortcode becomes: the table, one row a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

Handler = Callable[[dict[str, str], str, "Library"], str | None]

_ADDRESS = re.compile(r"https?://[^\s\"'<>\]]{1,2000}")
_IMAGE = re.compile(r"<img\b[^<>]{0,4000}>", re.IGNORECASE)
_LINKED_IMAGE = re.compile(
    r"\s{0,99}(?:<a\b[^<>]{0,4000}>\s{0,99})?<img\b[^<>]{0,4000}>\s{0,99}(?:</a>)?", re.IGNORECASE
)
_ATTACHMENT = re.compile(r"attachment_(\d{1,18})")
_WORD = re.compile(r"[\w-]{1,64}")
_MOST_PICTURES = 1000
# What arranges words on a page and has none itself, by the builder that brings it.
LAYOUT = re.compile(
    r"(?:vc|et_pb|fusion|av|fl|mk|cs|x|us|su|siteorigin|tatsu|themify|wpb|nectar)_[\w-]+"
    r"|(?:one|two|three|four|five|full)_(?:half|third|fourth|fifth|sixth|width)s?(?:_last)?"
    r"|row|column|columns|col|section|container|tabs?|tabgroup|accordions?|toggles?|panel|box|"
    r"center|clear|clearfix|divider|spacer|hr|dropcap|highlight|div|span|raw|lead|intro|no_?autop|expand|"
    r"spoiler|content_box|alert|notice|message|callout|note|info|warning|protected|members?|"
    r"member_only|restrict|intense_\w+|visibility|responsive"
)
# What shows something that words cannot stand for.
NO_WORDS = {
    "contact-form", "contact-form-7", "gravityform", "gravityforms", "ninja_form", "ninja_forms",
    "wpforms", "formidable", "caldera_form", "mc4wp_form", "rev_slider", "layerslider",
    "metaslider", "slider", "slideshow", "toc", "ez-toc", "sitemap", "wp_sitemap_page", "social",
    "share",
    "sharethis", "addtoany", "addthis", "jetpack-related-posts", "related_posts", "recent_posts",
    "display-posts", "ad", "ads", "adsense", "adrotate", "the_ad", "the_ad_group", "widget",
    "sidebar", "poll", "polldaddy", "totalpoll", "search", "searchform", "login", "loginform",
    "subscribe", "newsletter", "subscription", "donate", "paypal", "woocommerce_cart",
    "woocommerce_checkout", "woocommerce_my_account", "products", "product", "add_to_cart",
    "contact-field", "ngg", "nggallery", "slideshow_deploy", "archives", "tagcloud", "wpgmza",
    "geo_mashup_map", "print_link", "wp_login", "ssba", "feed", "wp_rss_aggregator",
    "wp-rss-aggregator",
    "crp", "wpp", "do_widget", "listmenu", "blog_subscription_form", "recipe-index", "sociable",
}  # fmt: skip
# Their content is no text to look for shortcodes in.
MEANS_PAGE = {"sourcecode", "code", "source", "highlight_code", "cc", "php", "html", "javascript"}


class Library(Protocol):
    """The media library, as far as a post can show things of it."""

    def figure(self, number: int, caption: str = "") -> str:
        """Return HTML that shows picture ``number``; empty, and reported, where it is missing."""

    def gallery(self) -> list[int]:
        """Return the numbers of the pictures that were uploaded to the post."""

    def address(self, number: int) -> str:
        """Return where the file of attachment ``number`` is; empty where it is missing."""

    def caption(self, number: int) -> str:
        """Return the caption of attachment ``number`` as HTML; empty without one."""


def player(address: str) -> str:
    """Return HTML for what ``address`` plays; empty for what is no address."""
    address = unescape(address).strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if not _ADDRESS.fullmatch(address):
        return ""
    return f'\n\n<iframe src="{escape(address)}"></iframe>\n\n'


def first_address(*texts: str) -> str:
    """Return the first address in ``texts``; empty without one."""
    for text in texts:
        if match := _ADDRESS.search(unescape(text)):
            return match[0]
    return ""


def numbers(listed: str) -> list[int]:
    """Return the numbers in a list such as "3, 5,8"."""
    found = [part.strip() for part in listed.split(",")[:_MOST_PICTURES]]
    return [int(part) for part in found if part.isascii() and part.isdigit() and len(part) < 19]  # noqa: PLR2004


def _caption(given: dict[str, str], inner: str, library: Library) -> str:
    picture = _LINKED_IMAGE.search(inner)
    words = given.get("caption", "")
    match = _ATTACHMENT.search(given.get("id", ""))
    if picture is None:
        # A caption without its picture: a video, or a picture that was taken out.
        return f"\n\n{inner}\n\n{words}\n\n"
    rest = (inner[: picture.start()] + inner[picture.end() :]).strip()
    words = " ".join(part for part in (words, rest) if part)
    if not words and match:
        words = library.caption(int(match[1]))
    image = _IMAGE.search(picture[0])
    shown = image[0] if image else picture[0]
    printed = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{shown}{printed}</figure>\n\n"


def _gallery(given: dict[str, str], inner: str, library: Library) -> str:
    chosen = given.get("ids") or given.get("include") or ""
    if chosen:
        ids = numbers(chosen)
    else:
        left_out = set(numbers(given.get("exclude", "")))
        ids = [number for number in library.gallery() if number not in left_out]
    figures = "\n".join(filter(None, (library.figure(number) for number in ids)))
    return f"\n\n{figures}\n\n{inner}"


def _playlist(given: dict[str, str], inner: str, library: Library) -> str:
    return "".join(player(library.address(number)) for number in numbers(given.get("ids", "")))


def _media(given: dict[str, str], inner: str, library: Library) -> str | None:
    for name in ("src", "mp4", "m4v", "webm", "ogv", "mp3", "ogg", "m4a", "wav", "flv", "wmv", "0"):
        address = given.get(name, "")
        if address.startswith("/") and not address.startswith("//"):
            return f'\n\n<iframe src="{escape(address)}"></iframe>\n\n'
        if shown := player(address.split("|")[0]):
            return shown
    if (number := given.get("id", "")) and (shown := player(library.address(_number(number)))):
        return shown
    return player(first_address(inner)) or None


def _number(text: str) -> int:
    return next(iter(numbers(text)), 0)


def _embed(given: dict[str, str], inner: str, library: Library) -> str | None:
    address = first_address(inner, *given.values())
    return player(address) if address else None


def _at(pattern: str) -> Handler:
    """Return a handler for shortcodes that name something on a site by a bare number or name."""

    def show(given: dict[str, str], inner: str, library: Library) -> str | None:
        if address := first_address(inner, *given.values()):
            return player(address)
        name = next(
            (
                given[key]
                for key in ("id", "video", "clip_id", "code", "0", "url")
                if given.get(key)
            ),
            inner.strip(),
        )
        return player(pattern.format(name)) if _WORD.fullmatch(name) else None

    return show


def _youtube(given: dict[str, str], inner: str, library: Library) -> str | None:
    address = first_address(inner, *given.values())
    if "youtu" in address:
        query = parse_qs(urlsplit(address).query)
        if query.get("v"):
            return player(f"https://www.youtube.com/watch?v={query['v'][0]}")
        return player(address)
    return _at("https://www.youtube.com/watch?v={}")(given, inner, library)


def _soundcloud(given: dict[str, str], inner: str, library: Library) -> str | None:
    return _embed({"url": given.get("url", ""), **given}, inner, library)


def _code(given: dict[str, str], inner: str, library: Library) -> str:
    words = inner.strip("\n")
    if "&lt;" not in words:
        # Plugins for code show what was typed, tags as well.
        words = words.replace("<", "&lt;")
    return f"\n\n<pre>{words}</pre>\n\n"


def _quote(given: dict[str, str], inner: str, library: Library) -> str:
    speaker = given.get("cite") or given.get("author") or given.get("source") or ""
    behind = f"<p><cite>{speaker}</cite></p>" if speaker else ""
    return f"\n\n<blockquote>\n\n{inner}\n\n{behind}</blockquote>\n\n"


def _button(given: dict[str, str], inner: str, library: Library) -> str:
    address = given.get("url") or given.get("link") or given.get("href") or ""
    words = inner.strip() or given.get("text") or given.get("title") or ""
    if not _ADDRESS.fullmatch(address):
        return words
    return f'<a href="{escape(unescape(address))}">{words or escape(address)}</a>'


def _words(given: dict[str, str], inner: str, library: Library) -> str:
    return inner


def _map(given: dict[str, str], inner: str, library: Library) -> str | None:
    return _embed(given, inner, library)


def _single_image(given: dict[str, str], inner: str, library: Library) -> str | None:
    number = _number(given.get("image") or given.get("id") or given.get("ids") or "")
    if number:
        return f"\n\n{library.figure(number)}\n\n"
    address = first_address(given.get("src", ""), given.get("image", ""), inner)
    return f'\n\n<figure><img src="{escape(address)}" alt=""></figure>\n\n' if address else inner


HANDLERS: dict[str, Handler] = {
    "caption": _caption, "wp_caption": _caption, "gallery": _gallery, "playlist": _playlist,
    "audio": _media, "video": _media, "wpvideo": _at("https://videopress.com/v/{}"),
    "videopress": _at("https://videopress.com/v/{}"), "flv": _media, "embed": _embed,
    "embedyt": _youtube, "youtube": _youtube, "youtube_sc": _youtube, "tube": _youtube,
    "yt": _youtube, "vimeo": _at("https://vimeo.com/{}"), "soundcloud": _soundcloud,
    "dailymotion": _at("https://www.dailymotion.com/video/{}"),
    "twitter": _at("https://twitter.com/i/status/{}"), "tweet": _at("https://twitter.com/i/status/{}"),
    "embedtweet": _at("https://twitter.com/i/status/{}"),
    "instagram": _at("https://www.instagram.com/p/{}/"), "facebook": _embed, "tiktok": _embed,
    "ted": _at("https://www.ted.com/talks/{}"), "googlemaps": _map, "google_maps": _map,
    "googlevideo": _embed, "iframe": _embed, "slideshare": _embed, "spotify": _embed,
    "scribd": _at("https://www.scribd.com/document/{}"), "flickr": _embed, "vine": _embed,
    "pinterest": _embed, "mixcloud": _embed, "bandcamp": _embed, "kickstarter": _embed,
    "wufoo": _embed, "gist": _at("https://gist.github.com/{}"), "livestream": _embed,
    "ustream": _embed, "getty": _embed, "archiveorg": _at("https://archive.org/details/{}"),
    "podcast": _embed, "pdf": _embed, "pdf-embedder": _embed, "gview": _embed, "gdoc": _embed,
    "sourcecode": _code, "code": _code, "source": _code, "php": _code, "html": _code,
    "javascript": _code, "pullquote": _quote, "quote": _quote, "blockquote": _quote,
    "pull_quote": _quote, "button": _button, "link": _button, "url": _button,
    "b": _words, "i": _words, "u": _words, "center": _words, "dropcap": _words, "highlight": _words,
    "vc_single_image": _single_image, "et_pb_image": _single_image, "image": _single_image,
    "img": _single_image, "vc_video": _embed, "vc_gallery": lambda given, inner, library: _gallery(
        {"ids": given.get("images", "")}, inner, library
    ),
    "et_pb_gallery": lambda given, inner, library: _gallery(
        {"ids": given.get("gallery_ids", "")}, inner, library
    ),
}  # fmt: skip
