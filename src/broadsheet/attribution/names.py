"""Names of sources as texts write them, brought to the form in which they are looked up.

    "Syria's official SANA"         → sana, after the descriptive words before it are taken off
    "Agence France-Presse (AFP)"    → agence france presse, afp
    "Dana Reyes, a spokeswoman,"    → dana reyes
    "a spokesman for SANA"          → no other name: the spokesman is not SANA

Pure: no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.search.folding import fold

_QUOTES = re.compile(r"[\"'“”„‟‘’‚‛«»‹›`´]")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?$")
_DOTTED = re.compile(r"\b\w(?:\.\w)+\b\.?")
_BREAKS = re.compile(r"[\s\-\u2010-\u2015/_]+")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
_OUTSIDE = " \t\n,;:.!?–—-"
LONGEST_KEY = 200
"""Characters of a key that tell; folding can make a name longer than it was ("ß" to "ss")."""

_ARTICLES = frozenset({"the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les"})
# What leads on to somebody else: "a spokesman for", "opponents of", "two aides to".
_LEADS_ELSEWHERE = frozenset(
    {
        "of", "to", "for", "from", "in", "at", "by", "with", "near", "against", "and", "or",
        "among", "about", "on", "under", "behind", "around", "anti", "pro", "von", "für", "aus",
        "bei", "mit", "und", "oder", "gegen",
    }
)  # fmt: skip
# Written with a capital before a name and no part of it.
_TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "lord", "lady", "dame",
        "president", "vice", "prime", "minister", "foreign", "defence", "defense", "interior",
        "finance", "health", "chancellor", "king", "queen", "prince", "princess", "senator",
        "sen", "representative", "rep", "governor", "gov", "mayor", "judge", "justice",
        "attorney", "general", "secretary", "ambassador", "congressman", "congresswoman",
        "chairman", "chairwoman", "chief", "gen", "lieutenant", "lt", "colonel", "col", "major",
        "maj", "captain", "capt", "admiral", "adm", "sergeant", "sgt", "pope", "cardinal",
        "archbishop", "bishop", "rev", "reverend", "sheikh", "ayatollah", "imam", "herr", "frau",
        "deputy", "former", "acting",
    }
)  # fmt: skip
_NATIONALITIES = frozenset(
    {
        "afghan", "albanian", "algerian", "american", "arab", "argentine", "armenian",
        "australian", "austrian", "azerbaijani", "bahraini", "bangladeshi", "belarusian",
        "belgian", "bolivian", "bosnian", "brazilian", "british", "bulgarian", "burmese",
        "cambodian", "cameroonian", "canadian", "catalan", "chechen", "chilean", "chinese",
        "colombian", "congolese", "croatian", "cuban", "cypriot", "czech", "danish", "dutch",
        "ecuadorian", "egyptian", "english", "emirati", "eritrean", "estonian", "ethiopian",
        "european", "filipino", "finnish", "french", "georgian", "german", "ghanaian", "greek",
        "guatemalan", "haitian", "honduran", "hungarian", "icelandic", "indian", "indonesian",
        "iranian", "iraqi", "irish", "israeli", "italian", "ivorian", "japanese", "jordanian",
        "kazakh", "kenyan", "korean", "kosovar", "kurdish", "kuwaiti", "kyrgyz", "latvian",
        "lebanese", "liberian", "libyan", "lithuanian", "macedonian", "malaysian", "maltese",
        "mexican", "moldovan", "mongolian", "montenegrin", "moroccan", "nepalese", "nicaraguan",
        "nigerian", "norwegian", "omani", "pakistani", "palestinian", "paraguayan", "persian",
        "peruvian", "polish", "portuguese", "qatari", "romanian", "russian", "rwandan", "saudi",
        "scottish", "senegalese", "serbian", "singaporean", "slovak", "slovenian", "somali",
        "spanish", "sudanese", "swedish", "swiss", "syrian", "taiwanese", "tajik", "tanzanian",
        "thai", "tunisian", "turkish", "turkmen", "ugandan", "ukrainian", "uruguayan", "uzbek",
        "venezuelan", "vietnamese", "welsh", "western", "yemeni", "zambian", "zimbabwean",
    }
)  # fmt: skip
# What a name may be followed by without becoming another one.
_HEADS = (
    "news agency", "state news agency", "press agency", "news service", "news website", "agency",
    "newspaper", "daily", "television", "tv", "radio", "website", "news channel", "channel",
    "network", "magazine", "broadcaster", "nachrichtenagentur", "zeitung",
)  # fmt: skip


def key(text: str) -> str:
    """Return ``text`` as names are compared: without case, accents, dots, dashes and quotes.

    Of a longer one the first :data:`LONGEST_KEY` characters.
    """
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = _POSSESSIVE.sub("", text.strip(_OUTSIDE))
    text = _BREAKS.sub(" ", fold(_QUOTES.sub("", text)))
    return text.strip(_OUTSIDE)[:LONGEST_KEY].strip(_OUTSIDE)


def readings(text: str) -> Iterator[str]:
    """Yield the keys by which ``text`` may be known, the most faithful first.

    Each later one leaves out words that only describe. Whether a key is a name at all is for
    the register to say.
    """
    seen: set[str] = set()
    for part in _parts(text):
        for candidate in _without_description(part):
            found = key(candidate)
            if found and found not in seen:
                seen.add(found)
                yield found
    # "the Guardian" is a paper's name with its article, which texts leave out at will.
    bare = key(text)
    if bare and bare.split()[0] not in _ARTICLES and f"the {bare}" not in seen:
        yield f"the {bare}"


def _parts(text: str) -> Iterator[str]:
    yield text
    plain = _IN_BRACKETS.sub("", text)
    if plain != text:
        yield plain
        yield from (found[1] for found in _IN_BRACKETS.finditer(text))
    head, comma, _ = plain.partition(",")
    if comma and head.strip():
        yield head


def _without_description(text: str) -> Iterator[str]:
    words = text.strip(_OUTSIDE).split()
    yield " ".join(words)
    for start in range(1, len(words) + 1):
        rest = words[start:]
        only_articles = all(key(word) in _ARTICLES for word in words[:start])
        # "Syrian state television" is not whatever else is called "state television".
        if not only_articles and not any(_may_be_a_name(word) for word in rest):
            break
        if not _describes(words[start - 1]):
            break
        yield " ".join(rest)
    for head in _HEADS:
        size = len(head.split())
        if len(words) > size and key(" ".join(words[-size:])) == head:
            yield from _without_description(" ".join(words[:-size]))
            break


def _may_be_a_name(word: str) -> bool:
    # Scripts without capitals tell nothing.
    return not word[:1].islower() and key(word) not in _NATIONALITIES


def _describes(word: str) -> bool:
    bare = key(word)
    if bare in _LEADS_ELSEWHERE or not bare:
        return False
    if word.endswith(("'s", "’s", "s'", "s’")):
        return word[:1].isupper()
    return bare in _ARTICLES | _TITLES | _NATIONALITIES or word[:1].islower()
