"""The names under which the large agencies sign their copy.

Used to tell an agency from a person where a page names both as "author". A name must match as
a whole; what is not listed stays an author.
"""

from __future__ import annotations

import re

_SIGNED = {
    "AFP": ("afp", "agence france-presse", "agence france presse", "أ ف ب", "ا ف ب", "فرانس برس"),
    "AP": ("ap", "associated press", "the associated press", "ap news"),
    "Reuters": ("reuters", "thomson reuters"),
    "dpa": ("dpa", "deutsche presse-agentur", "dpa international"),
    "EFE": ("efe", "agencia efe", "efeservicios", "efe news services"),
    "ANSA": ("ansa", "agenzia ansa"),
    "PA Media": ("pa", "pa media", "press association", "the press association"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "TASS": ("tass", "itar-tass", "itar tass", "тасс", "tass news agency"),
    "Anadolu": ("anadolu", "anadolu agency", "anadolu ajansı"),
    "UPI": ("upi", "united press international"),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "Kyodo": ("kyodo", "kyodo news", "kyodonews", "共同通信", "共同通信社"),
    "Yonhap": ("yonhap", "yonhap news agency"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "IRNA": ("irna", "ایرنا"),
    "ISNA": ("isna", "ایسنا"),
    "SANA": ("sana", "سانا"),
    "WAFA": ("wafa", "وفا"),
    "APA": ("austria presse agentur", "apa - austria presse agentur"),
    "Keystone-SDA": ("sda", "keystone-sda", "sda-ats", "keystone-ats", "keystone-sda-ats"),
    "IANS": ("ians",),
    "AAP": ("aap", "australian associated press"),
    "NTB": ("ntb", "norsk telegrambyrå"),
    "TT": ("tt", "tidningarnas telegrambyrå", "tt nyhetsbyrån"),
    "Ritzau": ("ritzau", "ritzaus bureau"),
    "STT": ("stt", "stt-lehtikuva", "suomen tietotoimisto"),
    "Belga": ("belga", "agence belga"),
    "ANP": ("anp", "algemeen nederlands persbureau"),
    "Lusa": ("lusa", "agência lusa"),
    "PAP": ("pap", "polska agencja prasowa"),
    "ČTK": ("čtk", "ctk", "česká tisková kancelář"),
    "ANA-MPE": ("ana-mpe", "απε-μπε"),
    "The Canadian Press": ("canadian press", "the canadian press", "la presse canadienne"),
    "Business Wire": ("business wire", "businesswire"),
    "PR Newswire": ("pr newswire", "prnewswire", "cision pr newswire"),
    "GlobeNewswire": ("globenewswire", "globe newswire"),
}
# Those that write in one language, and do not always say so.
_LANGUAGES = {"PA Media": "en", "AAP": "en", "PTI": "en"}
_NAMES = {name: agency for agency, names in _SIGNED.items() for name in names}


def agency_named(author: str) -> str:
    """Return the agency that ``author`` is the signature of; empty where it is none."""
    folded = re.sub(r"^(?:by|von)\s+", "", " ".join(author.casefold().split()))
    return _NAMES.get(folded.strip(" .()"), "")


def language_of_agency(agency: str) -> str:
    """Return the language of ``agency`` where it writes in one only; empty where in several."""
    return _LANGUAGES.get(agency, "")
