"""The names under which the large agencies sign their copy.

Used to tell an agency from a person where a page names both as "author". A name must match as
a whole; what is not listed stays an author.
"""

from __future__ import annotations

import re

_SIGNED = {
    "AFP": ("afp", "agence france-presse", "agence france presse"),
    "AP": ("ap", "associated press", "the associated press", "ap news"),
    "Reuters": ("reuters", "thomson reuters"),
    "dpa": ("dpa", "deutsche presse-agentur", "dpa international"),
    "EFE": ("efe", "agencia efe"),
    "ANSA": ("ansa",),
    "PA Media": ("pa", "pa media", "press association"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "TASS": ("tass",),
    "Anadolu": ("anadolu", "anadolu agency", "anadolu ajansı"),
    "UPI": ("upi", "united press international"),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "Kyodo": ("kyodo", "kyodo news"),
    "Yonhap": ("yonhap", "yonhap news agency"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "IRNA": ("irna", "ایرنا"),
    "ISNA": ("isna", "ایسنا"),
    "SANA": ("sana", "سانا"),
    "WAFA": ("wafa", "وفا"),
    "APA": ("austria presse agentur",),
    "Keystone-SDA": ("sda", "keystone-sda"),
    "IANS": ("ians",),
    "AAP": ("aap", "australian associated press"),
}
_NAMES = {name: agency for agency, names in _SIGNED.items() for name in names}


def agency_named(author: str) -> str:
    """Return the agency that ``author`` is the signature of; empty where it is none."""
    folded = re.sub(r"^(?:by|von)\s+", "", " ".join(author.casefold().split()))
    return _NAMES.get(folded.strip(" .()"), "")
