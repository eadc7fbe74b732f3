"""Embargoes and holds that a supplier sets in words only.

Pure. Agencies say "EMBARGOED UNTIL 0001 GMT Tuesday" or "Sperrfrist: Redebeginn" in the note to
editors, beside the headline or above the first paragraph, and no field of the format knows of
it. The words stay where they are; what they mean is set on the item, with the note quoted as an
oddity. A trade embargo is none of these: outside the note to editors only the forms that
agencies use count, in the places they use them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from broadsheet.wire import needles
from broadsheet.wire.deadlines import read_deadline
from broadsheet.wire.fields import paragraphs_of
from broadsheet.wire.home_zones import home_zone
from broadsheet.wire.intent import intent_of
from broadsheet.wire.items import WireItem

_LONGEST_NOTE = 4000
_LONGEST_LABEL = 400
# How many paragraphs of the body are looked at, and how much of each.
_PARAGRAPHS = 3
_REACH = 220
_UNTIL = (
    r"until|till|til|through|to|before|for\srelease|for\spublication|bis|jusqu['’](?:au|à|a|en)|"
    r"avant|hasta|até|ate|fino\s(?:al(?:le|la|l['’])?|a)|prima|tot|tills?|indtil|do|до|asti|"
    r"حتى|لغاية|تا|at|on|from|expires?|ends?|lifts?|lifted\s(?:at|on)|läuft|endet|ab"
)
# The same without what may stand behind any embargo ("Embargo on Russian oil from Feb 5").
_UNTIL_ONLY = (
    r"until|till|til|bis|jusqu['’](?:au|à|a|en)|hasta|até|ate|fino\s(?:al(?:le|la|l['’])?|a)|tot|"
    r"indtil|до|حتى|لغاية|تا"
)
# Words of agencies' own, which are an embargo wherever they head a note.
_SURE = (
    r"embargoed(?:\s(?:copy|story|item|material|text|speech|release|advance))?|"
    r"(?:strictly\s|strict\s)?under\s(?:strict\s)?embargo|embargad[oa]s?(?=\s?(?::|hasta|até|para))|"
    r"sous\sembargo|bajo\sembargo|sotto\sembargo|sob\sembargo|onder\sembargo|"
    r"(?:sende)?sperrfrist|sperrvermerk|gesperrt\sbis|sperrefrist|spærrefrist|spärrfrist|"
    r"klausuleret|hold\sfor\s(?:release|use|publication)|"
    r"(?:not|not\sto\sbe)\s(?:for\s)?(?:release|publication|publish|published|released|use|used|"
    r"broadcast)d?(?:[\s,]{1,2}(?:or|and)?\s?(?:broadcast|publication|use|transmission|"
    r"distribution|online\suse)){0,3}\s(?:before|until|till|prior\sto)|"
    r"do\snot\s(?:publish|use|release)\s(?:before|until|prior\sto)|"
    r"nicht\s(?:zu\s)?(?:veröffentlichen|verwenden|senden)\svor|"
    r"(?:nicht\szur\s)?veröffentlichung\s(?:nicht|erst)\s(?:vor|ab|nach)|"
    r"nicht\szur\sveröffentlichung\s(?:vor|bis)|freigabe\s(?:erst|ab)|"
    r"ne\spas\s(?:publier|diffuser|utiliser)\savant|no\s(?:publicar|difundir|usar)\s(?:antes|hasta)|"
    r"não\s(?:publicar|divulgar)\santes|(?:da\s)?non\s(?:pubblicare|diffondere|utilizzare)\sprima|"
    r"não\s(?:publicar|divulgar)\saté|эмбарго|не\sпубликовать\s(?:до|ранее)|"
    r"(?:محظور|يحظر|ممنوع|يمنع|حظر)\s?(?:من\s)?النشر(?:\s(?:حتى|قبل|لغاية))?|لا\sينشر\sقبل|"
    r"غیر\s?‌?قابل\sانتشار|ممنوعیت\sانتشار|محدودیت\sانتشار|منع\sانتشار|امبارگو|"
    r"(?:قابل\s)?انتشار\s(?:فقط\s)?(?:پس\sاز|بعد\sاز)|(?:پیش|قبل)\sاز\s[^.]{2,60}منتشر\sن(?:شود|کنید)|"
    r"تا\s[^.]{2,60}منتشر\sن(?:شود|کنید)"
)
_BARE = r"(?<!sin\s)embargo|ambargo"
# Asks for a day only where one can be read; "for immediate release" is none.
_DAY_NEXT = (
    r"[\s:]{1,2}(?:(?:on|at|after|from|in|until|before|the)\s){0,2}(?:\d|(?:mon|tue|wed|thu|fri|sat|sun|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}\b|noon|midnight|tomorrow|today)"
)
_SOFT = (
    rf"(?:hold\suntil|(?:for|date\sof|time\sof)\s(?:release|use|publication)(?={_DAY_NEXT})|"
    rf"release\s(?:time|date)?(?={_DAY_NEXT})|for\s\w{{6,9}}\srelease|frei\s?(?:ab|für|erst|:)|vorab\s?[-–—:]\s?frei|julkaisuvapaa|"
    r"للنشر\s(?:بعد|اعتبارا)|انتشار\sاز)"
)
_SAID_AT_DELIVERY = re.compile(
    r"\bcheck(?:ed)?\sagainst\s(?:actual\s)?delivery\b|\b(?:rede|veranstaltungs|sitzungs|"
    r"konferenz|sende)beginn\b|\bbeginn\sder\s(?:rede|veranstaltung|sitzung|pressekonferenz)\b|"
    r"\bes\sgilt\sdas\sgesprochene\swort\b|\b(?:le|seul\sle)\sprononcé\sfait\sfoi\b|"
    r"\b(?:on|until|upon|time\sof)\s(?:actual\s)?delivery\b|\bcotejar\scon\sel\sdiscurso\b",
    re.IGNORECASE,
)
_NO_EMBARGO = re.compile(
    r"\bembargo\s?(?:has\s(?:now\s)?been\s|is\s(?:now\s)?|now\s)?(?:lifted|over|expired|"
    r"removed|levé|levantado|revocato|tolto|suspenso|opgeheven|phævet)\b(?!\s(?:at|on|until)\b)|"
    r"\b(?:no|not\sunder(?:\sany)?|without|kein|pas\sd['’]|ohne|nessun|levée\sde\sl['’]|fin\sde\sl['’])"
    r"\s?embargo\b|\bnot\sembargoed\b|\bembargo\s?:\s?(?:none|no|keine?s?|aucun|ninguno|nessuno|n/?a|-)\b|"
    r"\bsperrfrist\b[^.:]{0,40}\b(?:aufgehoben|abgelaufen|entfällt|gilt\snicht\smehr)|"
    r"\b(?:keine|ohne)\ssperrfrist\b|\bsperrfrist\s?:\s?keine\b|\brelease\sat\swill\b|"
    r"\bfor\simmediate\s(?:release|use)\b|(?:رفع|إلغاء)\s(?:ال)?حظر\s?(?:ال)?نشر|"
    r"رفع\s(?:محدودیت|ممنوعیت|منع)\sانتشار|эмбарго\sснято",
    re.IGNORECASE,
)
_ADDRESS = (
    r"(?:(?:eds?|editors|attention|achtung|atención|attenzione|notes?|notice|important|strictly|"
    r"strict|hinweis|aviso|avviso|nota|the|this|is|story|item|text|copy|material|press\srelease|"
    r"adv\w{0,6}|news\srelease|bitte|please)\b[\s:.,;!–—-]{0,4}){0,4}"
)
_HEAD = rf"(?:^|[(\[*/|^<>]\s?|--\s?|\s[–—-]\s|\n){_ADDRESS}"
_ANYWHERE = re.compile(rf"(?<!\w)(?:{_SURE}|hfr)(?!\w)", re.IGNORECASE)
_SENTENCE = re.compile(
    rf"(?:^|[.;:!(\[\n]\s{{0,2}}|\s[–—-]\s){_ADDRESS}(?P<note>(?:{_BARE})\s?(?:[:.!)\]–—-]|$|"
    rf"\n|(?:{_UNTIL})\b|\d))",
    re.IGNORECASE,
)
_HEADED = re.compile(rf"{_HEAD}(?P<note>(?:{_SURE})(?!\w)|HFR\b)", re.IGNORECASE)
_HEADED_BARE = re.compile(
    rf"{_HEAD}(?P<note>(?:{_BARE})\s?(?::|[–—-]|\s(?:{_UNTIL_ONLY})(?!\w)|\s(?:\w+\s)?\d))",
    re.IGNORECASE,
)
_ALL_OF_IT = re.compile(r"^[\W_]{0,4}(?:(?i:under|sous|bajo|sotto)\s)?EMBARGO[\W_]{0,4}$")
_SOFT_NOTE = re.compile(rf"(?:{_HEAD}|[.;]\s)(?P<note>{_SOFT})", re.IGNORECASE)
# AP: held for release, and an advance for a day of the month ("BC-Harbor,Adv07").
_HELD = re.compile(r"(?:^|[\s,(/-])(?P<note>HFR)\b")
_ADVANCE = re.compile(r"(?:^|[\s,^$-])(?P<note>A(?:dv|DV)(?P<day>[0-3]?\d))\b")
# Where none of them is found, nothing is said.
_TELLING = (
    _NO_EMBARGO, _ANYWHERE, _SENTENCE, _ALL_OF_IT, _SOFT_NOTE, _HEADED, _HEADED_BARE, _HELD,
    _SAID_AT_DELIVERY,
)  # fmt: skip
_NEW_YORK = ZoneInfo("America/New_York")
# "Until Friday" lasts until Friday ends; "not before Friday" until it begins.
_INCLUSIVE = re.compile(
    r"\b(?:until|till|til|bis|jusqu['’]|hasta|até|fino|tot|indtil|through|до)|حتى|(?<!\w)تا(?!\w)",
    re.IGNORECASE,
)
_BEGINS_WITH_DAY = re.compile(r"\b(?:before|vor|avant|antes|prima|ab|قبل|پیش)\b", re.IGNORECASE)
_ENDS = re.compile(r"(?<=[^\W\d_]{2})[.!]\s(?=[A-ZÄÖÜÉ])|\n|[;|]")
# How far the clocks of the world are apart, and in what steps.
_WIDEST_ZONES = timedelta(hours=14)
_ZONE_STEP = timedelta(minutes=15)
_SHORT = re.compile(
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|thu|fri|sat|sun|"
    r"okt|dez|janv|févr|avr|juil|dic|ene)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Sent:
    """When and in what language an item was sent, and the zone its agency is at home in."""

    at: datetime | None
    language: str
    home: tzinfo | None


@dataclass(frozen=True)
class _Note:
    """A note as it is printed, and what it sets."""

    printed: str
    until: datetime | None = None
    oddities: tuple[str, ...] = ()
    is_open: bool = False
    is_zone_guessed: bool = False


def applied(item: WireItem) -> WireItem:
    """Return ``item`` with the embargo or hold that it carries in words only.

    ``embargoed`` becomes the latest end that field and notes name; ``hold`` is set where a note
    names an end no machine can read (the beginning of a speech), and for what is meant for
    editors alone. Applied twice, it changes nothing more.
    """
    holds = [item.hold] if item.hold else []
    oddities = list(item.oddities)
    embargoed = item.embargoed
    for note in _notes(item):
        if item.embargoed is not None and _repeats(note, item.embargoed):
            continue
        if note.until is not None and (embargoed is None or note.until > embargoed):
            oddities += [_said(note, embargoed), *note.oddities]
            embargoed = note.until
        if note.is_open:
            holds.append(
                f"The supplier holds this copy back, until when no machine can tell: "
                f"“{note.printed}”. Publish it by hand once it is free."
            )
    if intent_of(item) == "advisory":
        holds.append("This is meant for editors, not for readers; it is not published by itself.")
    hold = " ".join(
        dict.fromkeys(hold for hold in holds if hold not in item.hold or hold == item.hold)
    )
    if (hold, embargoed) == (item.hold, item.embargoed):
        return item
    return replace(item, hold=hold, embargoed=embargoed, oddities=tuple(dict.fromkeys(oddities)))


def _repeats(note: _Note, field: datetime) -> bool:
    """Tell whether ``note`` only says in words what the supplier's ``field`` says exactly.

    That is, it says no more than that there is an embargo, or names the same time of day, in
    a zone it leaves to be guessed.
    """
    if note.until is None:
        return not _SAID_AT_DELIVERY.search(note.printed)
    apart = abs(note.until - field)
    return note.is_zone_guessed and apart <= _WIDEST_ZONES and not apart % _ZONE_STEP


def _said(note: _Note, field: datetime | None) -> str:
    until = f"{note.until:%Y-%m-%d %H:%M} UTC" if note.until else ""
    if field is None:
        return f"The embargo stands only in words, “{note.printed}”; read as {until}."
    return (
        f"The note “{note.printed}” ends later ({until}) than the embargo the supplier set "
        f"({field:%Y-%m-%d %H:%M} UTC); the later end holds."
    )


def _notes(item: WireItem) -> list[_Note]:
    paragraphs = paragraphs_of(item.body[:_PARAGRAPHS])
    notes = [text[:_LONGEST_NOTE] for text in (item.ed_note, *item.signals) if text]
    labels = [text[:_LONGEST_LABEL] for text in (item.headline, item.slugline) if text]
    heads = [text.strip()[:_LONGEST_LABEL] for text in paragraphs]
    said = needles.folded(*notes, *labels, *heads)
    if not needles.holds(said, needles.needles_of(*_TELLING)) and not _ADVANCE.search(
        item.slugline[:_LONGEST_LABEL]
    ):
        return []
    if any(_NO_EMBARGO.search(text) for text in notes) or any(
        _lifts(text) for text in (*labels, *heads)
    ):
        return []
    sent = item.updated or item.published
    home = home_zone(item.agencies[0]) if item.agencies else None
    where = _Sent(sent, item.language, home)
    found: list[_Note] = []
    for text in notes:
        found += _in_note(text, where)
    for text in (*labels, *heads):
        found += _in_label(text, where)
    if not found and sent and (match := _ADVANCE.search(item.slugline[:_LONGEST_LABEL])):
        found += _advance(match["note"], int(match["day"]), sent)
    for text in notes:
        if (match := _SAID_AT_DELIVERY.search(text)) and not any(n.is_open for n in found):
            found.append(_Note(match[0], is_open=True))
    for text in heads:
        match = _SAID_AT_DELIVERY.search(text)
        # A sentence about a speech may say it too; the instruction stands alone.
        if match and len(text) <= len(match[0]) + 40 and not any(n.is_open for n in found):
            found.append(_Note(match[0], is_open=True))
    return found


def _lifts(text: str) -> bool:
    match = _NO_EMBARGO.search(text)
    return match is not None and not text[: match.start()].strip(" ([*-–—:!")


def _in_note(text: str, where: _Sent) -> list[_Note]:
    starts = [match.start() for match in _ANYWHERE.finditer(text)]
    starts += [match.start("note") for match in _SENTENCE.finditer(text)]
    if _ALL_OF_IT.match(text):
        starts.append(0)
    found = [_read(text, start, where) for start in sorted(set(starts))[:5]]
    if not found and (match := _SOFT_NOTE.search(text)):
        found = [_read(text, match.start("note"), where)]
        found = [note for note in found if note.until]
    # "Embargoed. Not for release before …": an end once named is the end of all of them.
    ended = [note for note in found if note.until]
    return ended or found[:1]


def _in_label(text: str, where: _Sent) -> list[_Note]:
    if match := _HEADED.search(text) or _ALL_OF_IT.match(text) or _HELD.search(text):
        return [_read(text, match.start("note") if match.groupdict() else 0, where)]
    if match := _HEADED_BARE.search(text) or _SOFT_NOTE.search(text):
        note = _read(text, match.start("note"), where)
        # Without a moment behind it, it may as well be the embargo that a story is about.
        return [note] if note.until else []
    return []


def _advance(printed: str, day: int, sent: datetime) -> list[_Note]:
    local = sent.astimezone(_NEW_YORK)
    days = (local + timedelta(days=more) for more in range(32))
    for each in days:
        if each.day == day:
            start = each.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
            return [_Note(printed, start.astimezone(UTC))]
    return []


def _read(text: str, start: int, where: _Sent) -> _Note:
    """Read the note that starts at ``start``, no further than its sentence."""
    rest = text[start : start + _REACH]
    end = len(rest)
    for match in _ENDS.finditer(rest):
        if not _SHORT.search(rest[: match.start()]):
            end = match.start()
            break
    opened = text[max(0, start - 60) : start].rsplit(")", 1)[-1]
    if "(" in opened and ")" in rest[:end]:
        end = rest.index(")")
    printed = " ".join(rest[:end].split()).strip(" -–—*(")
    # The same moment in other zones stands in brackets behind it.
    plain = re.sub(r"\([^()]{0,40}\d[^()]{0,160}\)?", " ", printed)
    inclusive = bool(_INCLUSIVE.search(printed)) and not _BEGINS_WITH_DAY.search(printed)
    for said in (plain, printed):
        deadline = read_deadline(
            said, where.at, where.language, inclusive=inclusive, home=where.home
        )
        if deadline is not None:
            break
    at_delivery = bool(_SAID_AT_DELIVERY.search(printed))
    if deadline is None:
        return _Note(printed, is_open=True)
    return _Note(printed, deadline.at, deadline.oddities, at_delivery, deadline.is_zone_guessed)
