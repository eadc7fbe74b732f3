"""Captions and the credits that stand in them.

A caption as printed mostly carries its credit: in brackets at its end ("… on Monday. (AFP)"),
or after a label ("Photo: Reuters", "عکس: ایرنا"). Readers get the two apart, so they are
taken apart here, once, and neither loses a character that is not the label's own.
"""

from __future__ import annotations

import re

_LABEL = (
    r"(?:(?:file\s+)?(?:photos?|photograph|pictures?|images?|illustration|graphic)"
    r"(?:\s+(?:credits?|courtesy|source))?|credits?|courtesy|foto|bild|bildnachweis|quelle|"
    r"fotograf|crédits?|crédit\s+photo|fotoğraf|фото|عکس|عکاس|تصویر|صورة|تصوير|المصور)"
)
_LABELLED = re.compile(
    rf"^(?P<caption>.*?)\s*(?:[|•·(\[–—-]\s*)?(?<!\w){_LABEL}\s*"
    r"(?:[:：]\s*(?:by\s+|von\s+)?|\s(?:by|of|von|از)\s+|/)"
    r"(?P<credit>[^:：]{2,100}?)\s*[)\]]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_COPYRIGHT = re.compile(
    r"^(?P<caption>.*?)\s*[|•·(\[–—-]?\s*(?:©|\(c\)|copyright)\s*(?P<credit>.{2,100}?)[)\]]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETED = re.compile(
    r"^(?P<caption>.*?)\s*[(\[（](?P<credit>[^()\[\]（）]{2,80})[)\]）]\s*\.?\s*$", re.DOTALL
)
_BARE_LABEL = re.compile(
    rf"^{_LABEL}(?:\s*[:：]\s*|\s+by\s+|\s+via\s+|\s+)(?:by\s+|von\s+|از\s+|courtesy\s+of\s+)?(?=\S)",
    re.IGNORECASE,
)
_ONLY_LABEL = re.compile(
    rf"^(?:{_LABEL}|file|archive|archiv|file\s+photo|آرشیو|أرشيف)$", re.IGNORECASE
)
# Who mostly stands in the brackets. Only used to tell a credit from an aside.
_KNOWN = re.compile(
    r"\b(?:AFP|AP|Reuters|Getty|EPA|EFE|dpa|ANSA|PA|Xinhua|TASS|RIA|Sputnik|IRNA|ISNA|Fars|Mehr|"
    r"Tasnim|SANA|WAFA|Anadolu|AA|Kyodo|Yonhap|PTI|ANI|UPI|NASA|ESA|NOAA|Bloomberg|Imago|"
    r"picture[ -]alliance|Shutterstock|Alamy|iStock|Unsplash|Wikimedia|Flickr|Handout|Press TV|"
    r"Associated Press|Agence France-Presse|ایرنا|ایسنا|فارس|مهر|تسنیم|رویترز|رويترز)\b"
)
_MOST_WORDS = 7
# Nobody prints a longer one, and the patterns below take the square of its length.
_LONGEST_CAPTION = 3000


def split_credit(printed: str, *, certain: bool = True) -> tuple[str, str]:
    """Return the caption and the credit of a caption ``printed`` in one.

    With ``certain``, the text is known to be a caption, so that any short name in brackets at
    its end is its credit; without, only what says so itself or names a known agency. The
    credit is empty where none is found.
    """
    printed = " ".join(printed.split())
    if len(printed) > _LONGEST_CAPTION:
        return printed, ""
    if match := _BRACKETED.match(printed):
        credit = _without_label(match["credit"])
        if credit and (_names_one(match["credit"]) or (certain and _could_be_name(credit))):
            return match["caption"], credit
    for pattern in (_LABELLED, _COPYRIGHT):
        match = pattern.match(printed)
        if match and _could_be_name(match["credit"]):
            return match["caption"].strip(), _without_label(match["credit"])
    return printed, ""


def clean_credit(printed: str) -> str:
    """Return a credit that stood alone ("Photo: AFP", "(AFP)") without label and brackets."""
    text = " ".join(printed.split())
    caption, credit = split_credit(text)
    if credit and not caption:
        return credit
    return _without_label(text.strip("()[] ©"))


def _names_one(text: str) -> bool:
    return bool(_KNOWN.search(text) or _BARE_LABEL.match(text) or _ONLY_LABEL.match(text))


def _without_label(credit: str) -> str:
    credit = credit.strip()
    if _ONLY_LABEL.match(credit):
        return credit
    stripped = _BARE_LABEL.sub("", credit, count=1).strip()
    return re.sub(r"^(?:via|by|©|\(c\))\s*", "", stripped, flags=re.IGNORECASE).strip()


def _could_be_name(credit: str) -> bool:
    words = credit.split()
    if not words or len(words) > _MOST_WORDS + 5 * credit.count("/"):
        return False
    if any(char.isdigit() for char in credit) or credit.endswith("."):
        return bool(_KNOWN.search(credit))
    return not words[0][0].islower() or bool(_KNOWN.search(credit))
