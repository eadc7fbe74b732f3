"""The words by which agencies mark kills, advisories, corrections and updates.

From what the agencies' own style books and feeds use: AP ("STORY REMOVED:", "BC-…--KILL",
"1st Ld-Writethru", "Correction: … story"), Reuters ("UPDATE 1-", "CORRECTED-", "REFILE-",
"ADVISORY-", Handbook of Journalism, "Story tags"), AFP ("MANDATORY KILL", "1st LEAD"), dpa and
APA ("(Berichtigung: …)", "(Zusammenfassung 1430)", "Storno"), EFE, ANSA, Lusa, and those of
the Arabic, Persian and Russian services. A "REFILE" mends form and not fact, hence an update.
"""

from __future__ import annotations

import re

_ANY_CASE = re.IGNORECASE

STATUSES_OF_KILLS = frozenset(
    {"canceled", "cancelled", "cancel", "withheld", "kill", "killed", "withdrawn", "retracted",
     "recalled", "unpublished", "deleted"}
)  # fmt: skip

# Machines' words: signals and genres, without their scheme.
CODES: dict[str, frozenset[str]] = {
    "kill": frozenset(
        {"kill", "killed", "body kill", "mandatory kill", "publication kill", "story kill",
         "withdrawal", "withdraw", "withdrawn", "cancel", "cancelled", "canceled", "cancellation",
         "retraction", "retract", "elimination", "mandatory elimination", "story removed",
         "storno", "stornierung", "rückzug", "zurückgezogen", "annullierung", "annullamento",
         "annulation", "anulación", "anulada", "anulado", "supprimé", "delete"}
    ),
    "advisory": frozenset(
        {"advisory", "advis", "news advisory", "media advisory", "photo advisory", "daybook",
         "agenda", "diary", "budget", "news budget", "digest", "news digest", "schedule",
         "news schedule", "planner", "test", "test message", "testmeldung", "note to editors",
         "editorial note", "vorschau", "tagesvorschau", "terminvorschau", "termine",
         "themenplanung", "redaktionshinweis", "previsiones", "previsions", "prévisions", "aviso",
         "servicemeldung", "avis", "menu", "information to editors", "service message"}
    ),
    "correction": frozenset(
        {"correction", "corrections", "corrective", "corrected", "correct", "corr", "cor",
         "corrects",
         "clarification", "berichtigung", "korrektur", "rectificatif", "rectification",
         "errata corrige", "errata", "corrige", "rettifica", "corrección", "correccion",
         "rectificación", "correção", "korreksjon", "rättelse", "تصحيح", "اصلاحیه", "исправление"}
    ),
    "update": frozenset(
        {"update", "updated", "writethru", "writethrough", "write thru", "refile", "lead",
         "relead", "substitute", "sub", "replace", "replaces", "replacement", "rewrite",
         "aktualisierung", "zusammenfassung", "ergänzung", "actualisation", "actualización",
         "aggiornamento", "follow up", "append", "add"}
    ),
}  # fmt: skip

# What may stand before the word: other marks, the agency, the cycle.
_BEFORE = (
    r"^[^\w]{0,6}(?:(?:bc|am|pm|ap|afp|dpa|dpa-afx|efe|ansa|reuters|rtrs|pa|aap|apa|sda|lusa|"
    r"tass|pap|urgent|alert|flash|eil|attention|achtung|atención|attenzione|advisory|"
    r"eds?|editors|redaktionen|note|update\s\d{1,2}|bdt\d{4})\b[\s.:/,–—-]{1,4}){0,3}[(\[*<+]{0,3}\s?"
)
# What must stand behind it: a colon or a dash of its own, or nothing.
_BEHIND = r"\s?(?:[:：)\]>*|/]|--|\s[–—-]\s|[–—]|\.?$)"
_KILL = (
    r"(?:(?:mandatory|body|story|publication|bulletin)\s)(?:kill|withdrawal|elimination)|"
    r"kill\s(?:body|story|notice|order|advisory|bulletin|mandatory)|"
    r"(?:story|article|item|copy|alert|headline|report)\s(?:is\s|has\sbeen\s)?"
    r"(?:removed|withdrawn|killed|retracted|cancel{1,2}ed)|withdrawn|retraction|"
    r"(?:meldung|bericht|text|korrespondentenbericht)\s(?:ist\s|wird\s)?"
    r"(?:zurückgezogen|gestrichen|storniert|annulliert)|zurückgezogen|storno|stornierung|"
    r"annullierung|annulliert|annulation|annulée?s?|dépêche\sannulée|retrait\sde\sdépêche|"
    r"anulada|anulado|anulación|anulacion|nota\sanulada|noticia\sanulada|annulla|annullare|"
    r"annullamento|notizia\sannullata|annullata|anulação|notícia\s(?:anulada|cancelada)|"
    r"(?:matéria|noticia)\scancelada|cancelada|إلغاء(?:\sال?خبر)?|الغاء|يلغى|"
    r"(?:این\s)?خبر\sحذف\sشود|حذف\sشود|حذف\sخبر|لغو\sخبر|отмена|отменено|аннулировано|"
    r"аннулирование|снято"
)
_CORRECTION = (
    r"corrections?|corrected|corrects|corrective|corr|official\scorrection|clarification|"
    r"corrigendum|rectificatif|rectification|corrigée?|errata\scorrige|errata|rettifica|"
    r"corrige|corrección|correccion|corregid[oa]|fe\sde\serratas|rectificación|rectificacion|"
    r"correção|correcao|corrigid[oa]|berichtigung|berichtigt|korrektur|korrigiert|"
    r"korreksjon|rättelse|düzeltme|تصحيح|تصويب|اصلاحیه|اصلاحيه|اصلاح|تصحیح|исправление|"
    r"исправлено|исправленн?[аы]|поправка|уточнение|sprostowanie|korekta|更正|訂正"
)
_ADVISORY = (
    r"(?:(?:news|media|photo|picture|video|graphics?|editorial|coverage|content|scheduling|"
    r"press|eds?|editors|reuters|ap|afp)\s)?advisory|advis|attention\s(?:editors|subscribers|"
    r"clients|photo\seditors)|(?:note|notice|advisory)\sto\s(?:editors|subscribers|clients|users)|"
    r"editors?['’]?\snotes?|day-?book|diary|news\s(?:budget|digest|schedule|agenda|planner|diary)|"
    r"(?:achtung|an\sdie|hinweis\san\sdie)\sredaktion(?:en)?|redaktions?hinweis|"
    r"redaktioneller\shinweis|(?:achtung\s[-–]\s)?(?:planungs|termin)hinweise?|(?:tages|wochen|termin|themen|monats|sport)-?vorschau|"
    r"themenplan(?:ung)?|themenüberblick|tagesplanung|dpa-tagesprogramm|"
    r"avis\saux\s(?:abonnés|abonnes|rédactions|redactions|clients)|(?:à|a)\sl['’]attention\sdes\s"
    r"(?:rédactions|redactions|abonnés|abonnes)|note\saux\s(?:rédactions|redactions|abonnés)|"
    r"menu\sgénéral|prévisions|aviso\sa\s(?:los\s)?(?:clientes|abonados|editores|suscriptores)|"
    r"nota\sa\s(?:los\s)?(?:clientes|abonados|editores|suscriptores)|previsiones(?:\sinformativas)?|"
    r"agenda\sinformativa|aviso\saos\s(?:clientes|assinantes|editores)|"
    r"avviso\s(?:ai|alle)\s(?:clienti|abbonati|redazioni)|nota\salle\sredazioni|"
    r"تنويه(?:\sإلى\sالمحررين)?|تنبيه\s(?:للمحررين|إلى\sالمحررين)|(?:قابل\s)?توجه\sدبیران|"
    r"к\sсведению\sредакций|вниманию\sредакций|план\sновостей"
)
_UPDATE = (
    r"updates?(?:\s\d{1,2})?|updated|upd|\d{1,2}(?:st|nd|rd|th)\s(?:ld|lead)(?:-?\s?writethru)?|"
    r"(?:first|second|third|fourth|fifth|sixth|new|updated|update)\slead|writethru|refile|rpt|"
    r"repeat|recast|add\s?\d{1,2}|"
    r"(?:\d{1,2}\.\s)?(?:gesamt)?zusammenfassung(?:\s\d{1,4})?|\d{1,2}\.\slead|aktualisierung|"
    r"aktualisiert|ergänzung|wiederholung|annule\set\sremplace|actualisation(?:\s\d{1,2})?|"
    r"mise\sà\sjour|actualiza(?:\s\d{1,2})?|actualización|actualizada|anula\sy\ssustituye|"
    r"annulla\se\ssostituisce|aggiorna(?:\s\d{1,2})?|aggiornamento|atualiza(?:\s\d{1,2})?|"
    r"atualizada|تحديث(?:\s\d{1,2})?|تکمیلی|به‌?\s?روز\s?رسانی|обновлено|обновление|дополнено"
)
# Kinds of items for editors that are named in the headline without any mark behind the name.
_NAMED = (
    r"(?:bc-?\s?)?(?:the\s)?(?:ap|afp|reuters|upi|aap|pa|efe|ansa|dpa|tass|xinhua)[\s-]"
    r"(?:(?:world|us|u\.s\.|general|national|international|business|sports?|entertainment|"
    r"financial|photo|video|features?|weekend|morning|english|europe|asia|africa|state)\s){0,3}"
    r"(?:news\s)?(?:digest|budget|daybook|day-?book|agenda|schedule|planner|diary|advisory|"
    r"lineup|tagesvorschau|themen(?:vorschau|planung)?)\b|"
    r"(?:bc-)?(?:news|sports?|business|entertainment|financial|photo|features?|weekend|"
    r"editors['’]?)[\s-](?:digest|budget|daybook|schedule|planner)"
    r"(?:\s(?:for|at|as of)\b|$|\s?[,:])|"
    r"(?:tages|wochen|termin|themen)-?vorschau\b|termine\s(?:am|für|heute|morgen)\b|"
    r"(?:this\sis\s)?(?:only\s)?(?:a\s)?test(?:\s(?:message|story|item|only|transmission|alert))"
    r"\s?(?:[-–—:.,]|\d|please|$)|test\s?[-–—:,.]{0,2}\s?(?:please\s)?(?:ignore|disregard|"
    r"do\snot\s(?:use|publish)|bitte\s(?:nicht|ignorieren))|(?:test\s?){1,3}\d{0,4}[.!]?$|"
    r"this\sis\s(?:only\s)?a\stest\b|please\s(?:ignore|disregard)\b.{0,40}\btest|"
    r"testmeldung(?:\b|$)|test-?nachricht|(?:ceci\sest\sun\s)?(?:essai|test)\s(?:merci|prière)\s|"
    r"(?:mensaje|nota)\sde\sprueba|prueba\s?[-:,]\s?(?:no\s(?:usar|publicar)|ignorar)|"
    r"messaggio\sdi\sprova|mensagem\sde\steste|رسالة\sتجريبية|(?:خبر|پیام)\sآزمایشی|"
    r"тестовое\sсообщение"
)


def _labels(phrases: str) -> tuple[re.Pattern[str], ...]:
    """Return where ``phrases`` mark a headline: before it, behind it, or as all of it."""
    return (
        re.compile(rf"{_BEFORE}(?:{phrases})(?:[^\w:]{{1,2}}\d{{1,2}})?{_BEHIND}", re.IGNORECASE),
        re.compile(rf"^[(\[](?:{phrases})(?:\s?[:,–—-][^()\[\]]{{0,200}})?[)\]]", re.IGNORECASE),
        re.compile(rf"(?:[(\[/]\s?|\s--\s?)(?:{phrases})[)\]/]?\s?$", re.IGNORECASE),
    )


_BARE_KILL = (
    # The bare word is a verb elsewhere; only its capitals and a mark behind it make it an order.
    re.compile(rf"{_BEFORE.replace('(?:(?:bc', '(?i:(?:bc')}KILL\s?(?:[:)\]*]|--|\s[–—-]\s|$)"),
    re.compile(r"(?:--\s?|[(\[])(?:KILL|Kill)(?:ED)?[)\]]?$"),
)
LABELS: dict[str, tuple[re.Pattern[str], ...]] = {
    "kill": (
        *_labels(_KILL),
        *_BARE_KILL,
        re.compile(r"^[\W_]{0,4}(?:STORY|ARTICLE) (?:REMOVED|WITHDRAWN|KILLED)\b"),
        re.compile(r"^[\W_]{0,4}(?:MANDATORY|BODY) KILL\b"),
        re.compile(
            r"^ADVISORY\s?[-–—:].{0,200}\b(?:story|item|alert|headline|report|snap)s?\b.{0,60}"
            r"\b(?:is|are|was|has\sbeen)?\s?(?:withdrawn|killed|retracted)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"^ADVISORY\s?[-–—:].{0,200}\b(?:withdrawn|killed|retracted)[.)]?$", re.IGNORECASE
        ),
    ),
    "advisory": (
        *_labels(_ADVISORY),
        re.compile(rf"^[^\w]{{0,4}}(?:{_NAMED})", re.IGNORECASE),
        re.compile(r"^[^\w]{0,4}(?:(?:NEWS|MEDIA|PHOTO|PICTURE) ADVISORY|ATTENTION EDITORS)\b"),
        re.compile(r"^[^\w]{0,4}(?:ACHTUNG REDAKTIONEN|AVIS AUX R[EÉ]DACTIONS)\b"),
    ),
    "correction": (
        *_labels(_CORRECTION),
        re.compile(r"^[^\w]{0,4}(?:EDS|ATTENTION|ACHTUNG)\b[^\w]{0,4}CORRECTS\b"),
    ),
    "update": (
        *_labels(_UPDATE),
        re.compile(r"[\s,(-](?:\d{1,2}(?:st|nd|rd|th)\s)?(?:Ld|LD|Lead)-?\s?(?i:writethru)\b"),
        re.compile(r",\s?\d{1,2}(?:st|nd|rd|th)\s(?:Ld|LD|Lead|LEAD)\b"),
        re.compile(r"(?:^|[\s(,-])TAKE \d{1,2}(?:[\s):]|$)"),
    ),
}
# Reuters sets its tags right before the headline: "UPDATE 1-Shares fall", "CORRECTED-Shares …".
_TIGHT = {
    "kill": r"WITHDRAWN|RETRACTION",
    "advisory": r"ADVISORY|DIARY|NEWS SCHEDULE|DAYBOOK",
    "correction": (
        r"CORRECTED|CORRECTION|OFFICIAL CORRECTION|CLARIFICATION|CORREGIDO|CORREÇÃO|RECTIFICATIF|"
        r"KORRIGIERT|BERICHTIGUNG|KORREKTUR|CORRIGE|ИСПРАВЛЕНИЕ"
    ),
    "update": (
        r"(?:UPDATE|WRAPUP|LEAD|ACTUALIZA|ACTUALIZACIÓN|ATUALIZA|AGGIORNA|ACTUALISATION|TAKE) "
        r"\d{1,2}|REFILE|RPT|REPEAT|تحديث \d{1,2}"
    ),
}
TIGHT: dict[str, tuple[re.Pattern[str], ...]] = {
    intent: (re.compile(rf"^[^\w]{{0,4}}(?:[A-Z]+ ?\d{{0,2}}-)?(?:{tags})-\S"),)
    for intent, tags in _TIGHT.items()
}

SLUGS: dict[str, tuple[re.Pattern[str], ...]] = {
    "kill": (
        re.compile(r"(?:--\s?|,\s?)kill(?:ed)?$", re.IGNORECASE),
        re.compile(r"(?:^|[\s,/-])(?:BODY|MANDATORY|STORY|PUBLICATION)[\s-]KILL\b", re.IGNORECASE),
        # "BC-US--Fire-KILL": the only word in capitals behind words that are not.
        re.compile(r"[a-z]\S{0,40}[\s,/-]KILL$"),
        re.compile(r"^KILL(?:$|[\s:/-]\s?\S)"),
        *_labels(_KILL),
    ),
    "advisory": (
        *LABELS["advisory"][:-1],
        re.compile(r"(?:--\s?|,\s?|-)(?:Advis(?:ory)?|ADVIS(?:ORY)?|Daybook|DAYBOOK)\b"),
    ),
    "correction": (
        *_labels(_CORRECTION),
        re.compile(r"(?:--\s?|,\s?|-)(?:Correct(?:ion|ive)|CORRECT(?:ION|IVE))$"),
    ),
    "update": (
        *LABELS["update"],
        re.compile(r",\s?(?:Sub|SUB|Adds?|\d{1,2}(?:st|nd|rd|th)\sAdd)$"),
        re.compile(
            r"(?:^|[\s,(/-])(?:\d{1,2}(?:st|nd|rd|th)\s)?(?:ld|lead)-?writethru\b", _ANY_CASE
        ),
    ),
}

# A paragraph that speaks to editors rather than to readers.
TO_EDITORS = re.compile(
    r"^[^\w]{0,4}(?:eds?\.?\s?[:–—-]|editors?\s?[:–—-]|(?:attention|note\sto|advisory\sto)\s(?:all\s)?"
    r"(?:editors|subscribers|clients|users)|editors?['’]?\snotes?\s?[:–—-]|attention\s?[:–—-]|"
    r"(?:achtung|liebe|an\sdie)\s(?:redaktion|kolleg|kund)|achtung\s?[:!–—-]|redaktionshinweis|"
    r"(?:mandatory|body|story)\skill\b|avis\saux|note\saux|atención\s?[:–—-]|"
    r"aviso\s|attenzione\s?[:–—-]|avviso\s|توجه\s|تنويه|вниманию\sредакц|к\sсведению\sредакц|"
    r"\((?:berichtigung|korrektur|correction|corrects|corr|rectificatif|corrige)\b)",
    re.IGNORECASE,
)
_COPY = (
    r"(?:stor(?:y|ies)|articles?|items?|report|copy|alerts?|headlines?|dispatch(?:es)?|snap|"
    r"(?<![\w-])(?-i:BC|AP|AM|PM)-[\w-]{2,60})"
)
# What a story tells of somebody is not what became of the story.
_NOT_TOLD = (
    r"(?:(?!\b(?:who|which|that|where|when|after|as|man|woman|men|women|people|police)\b)"
    r"[^.;]){0,120}"
)
_START = r"(?:^|[.;:(!\n]\s{0,2}|\b(?:eds?|editors|attention|achtung)\b[\s.:,–—-]{1,4})"
NOTES: dict[str, tuple[re.Pattern[str], ...]] = {
    "kill": (
        re.compile(
            r"\b(?:mandatory|body|publication)\skill\b|\bkill\s(?:is\s)?mandatory\b", _ANY_CASE
        ),
        re.compile(
            rf"{_START}(?:please\s)?(?:kill|withdraw)\s(?:the|our|this)\s{_COPY}\b", _ANY_CASE
        ),
        re.compile(
            rf"\b{_COPY}\b{_NOT_TOLD}\b(?:is|are|was|were|has\sbeen|have\sbeen)\s(?:hereby\s|"
            r"being\s)?(?:withdrawn|killed|retracted|(?<=been\s)removed|annulled|cancel{1,2}ed)\b"
            r"(?!\sfrom)",
            _ANY_CASE,
        ),
        re.compile(
            r"\b(?:AP|AFP|Reuters|dpa|EFE|ANSA|PA|UPI|We|Associated\sPress)\b(?:\sis|\sare|\shas|"
            rf"\shave)?\s(?:withdraw(?:n|ing|s)|kill(?:ed|ing|s)|retract(?:ed|ing|s))\s[^.;]{{0,60}}"
            rf"\b{_COPY}\b"
        ),
        re.compile(
            rf"{_START}(?:kill(?:ed)?|withdrawn|storno|annulation|anulad[ao])\s?(?:[:!]|\.?$)",
            _ANY_CASE,
        ),
        re.compile(
            rf"{_START}(?:please\s)?(?:do\snot\suse|disregard)\s(?:the|our|this)\s(?!(?:earlier|"
            rf"previous|first|prior)\b)(?:\w+\s)?{_COPY}\b(?!['’])",
            _ANY_CASE,
        ),
        re.compile(
            r"\b(?:meldung|nachricht|bericht|text|beitrag)\b[^.;]{0,120}\b(?:wird|ist|wurde)\s"
            r"(?:hiermit\s)?(?:zurückgezogen|annulliert|storniert|gestrichen)\b|"
            r"\bbitte\b[^.;]{0,40}\b(?:meldung|bericht|text)\b[^.;]{0,60}\bnicht\s(?:mehr\s)?"
            r"(?:zu\s)?verwenden\b",
            _ANY_CASE,
        ),
        re.compile(
            r"\b(?:dépêche|information)\b[^.;]{0,80}\best\sannulée\b|\b(?:nota|noticia|información)\b"
            r"[^.;]{0,80}\b(?:queda|ha\ssido|está)\sanulada\b|\b(?:nota|notícia|matéria)\b[^.;]{0,80}"
            r"\b(?:foi|está)\s(?:anulada|cancelada)\b|\b(?:notizia|lancio)\b[^.;]{0,80}"
            r"\b(?:è|va|da)\s(?:considerar[ei]\s|considerata\s|intendersi\s)?annullat[ao]\b|"
            r"يرجى\s(?:إلغاء|عدم\sاستخدام)\sال?خبر|خبر\s[^.؛]{0,60}حذف\sشود|"
            r"(?:сообщение|новость)\s[^.;]{0,80}\b(?:аннулирован|отменен|снят)",
            _ANY_CASE,
        ),
    ),
    "advisory": (
        re.compile(
            rf"{_START}(?:(?:news|media|photo)\sadvisory\b|not\sfor\spublication\b(?!\sbefore|"
            r"\suntil)|for\s(?:your\s)?(?:information|guidance)\sonly\b|advisory\sonly\b|"
            r"for\splanning\s(?:purposes\s)?only\b|nur\szur\sinformation\b|"
            r"nicht\szur\sveröffentlichung\b(?!\s(?:vor|bis))|ne\spas\spublier\b(?!\savant)|"
            r"no\spublicar\b(?!\santes)|this\sis\s(?:only\s)?a\stest\b)",
            _ANY_CASE,
        ),
    ),
    "correction": (
        re.compile(
            rf"{_START}[^\w]{{0,3}}(?:adds?|updates?|repeats?|resends?|refiles?|recasts)?\s?"
            r"(?:and\s|to\s|,\s)?"
            r"(?:correct(?:s|ing|ed|ion|ions|ive)|clarifies|berichtigt|korrigiert|corrige)\b",
            _ANY_CASE,
        ),
        re.compile(rf"{_START}[^\w]{{0,3}}(?:{_CORRECTION})\s?[:：)]", _ANY_CASE),
        re.compile(
            r"\bthis\s(?:is\sa\scorrected|corrects|version\s(?:corrects|has\sbeen\scorrected))\b"
            r"|\b(?:story|item|version)\s(?:has\sbeen|is|was)\scorrected\b",
            _ANY_CASE,
        ),
    ),
    "update": (
        re.compile(
            rf"{_START}[^\w]{{0,3}}(?:updat(?:es|ed|ing|e)|adds|add(?:s|ing)\s|recasts|rewrites|re-?leads|"
            r"re-?tops|replaces|substitutes|refiles|writethru|aktualisiert|ergänzt|neu\s?:|actualise|"
            r"actualiza|añade|ajoute|aggiorna|atualiza|acrescenta)",
            _ANY_CASE,
        ),
        re.compile(rf"{_START}[^\w]{{0,3}}(?:{_UPDATE})\s?[:：)]", _ANY_CASE),
    ),
}
# How the text of a kill begins where nothing else marks it.
KILL_SENTENCE = re.compile(
    rf"^[^\w]{{0,4}}(?:(?:the\s)?(?:AP|AFP|Reuters|Associated\sPress|dpa|EFE|UPI)\s(?:is|has|have)\s"
    rf"(?:withdraw(?:n|ing)|retract(?:ed|ing)|kill(?:ed|ing))\s[^.]{{0,80}}\b{_COPY}\b|"
    rf"(?:please\s)?(?:kill|withdraw)\s(?:the|our)\s{_COPY}\b|"
    rf"(?:the|our|this)\s{_COPY}\b{_NOT_TOLD}\b(?:is|was|has\sbeen)\s(?:withdrawn|killed|retracted)\b"
    r"|die\smeldung\b[^.]{0,160}\b(?:wird|ist|wurde)\s(?:hiermit\s)?zurückgezogen\b)",
    re.IGNORECASE,
)
