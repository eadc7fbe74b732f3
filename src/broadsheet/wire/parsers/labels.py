"""The fixed words of a story page: the label of its number, of its date, and its furniture.

They are those that news systems print around a story, in the languages of the paper and its
neighbours. Furniture is what belongs to the page and not to the story: the challenge of the
comment form, the time it took to make the page, the buttons.
"""

from __future__ import annotations

import re

from broadsheet.wire.times import plain_digits

_NUMBER_LABELS = (
    r"news\s*[-_]?\s*(?:id|code|no\.?|number)|story\s*[-_]?\s*(?:id|no\.?|number)|"
    r"article\s*[-_]?\s*(?:id|no\.?|number)|شناسه\s*(?:ی)?\s*خبر|کد\s*خبر|شماره\s*خبر|"
    r"رقم\s*الخبر|معر[ّ]?ف\s*الخبر|رمز\s*الخبر|"
    r"(?:nachrichten|meldungs|artikel)\s*-?\s*(?:id|nr\.?|nummer)|nachricht\s+nr\.?|"
    r"id\s+de\s+(?:la\s+)?noticia|haber\s*(?:no|kodu|id)|код\s+новости"
)
_TIME_LABELS = (
    r"published(?:\s+(?:on|at))?|publish(?:ed)?\s*(?:date|time)|publication\s*(?:date|time)|"
    r"date\s*(?:published|of\s+publication)?|posted(?:\s+on)?|"
    r"تاریخ(?:\s*و\s*زمان|\s*و\s*ساعت)?\s*انتشار|زمان\s*انتشار|انتشار|منتشر\s*شده|تاریخ(?:\s*خبر)?|"
    r"تاريخ\s*النشر|وقت\s*النشر|ن[ُ]?شر(?:\s*في)?|"
    r"ver[öo]e?ffentlicht(?:\s+am)?|erschienen(?:\s+am)?|erscheinungsdatum|datum|"
    r"publié(?:\s+le)?|publicado(?:\s+el)?|yayın\s*tarihi|опубликовано"
)
# The numbers this paper gives itself go on after the highest it has taken over, and a page must
# not be able to use them up.
HIGHEST_NUMBER = 999_999_999
NUMBER = re.compile(
    rf"(?<!\w)(?:{_NUMBER_LABELS})\s*[:：#=]?\s*(?P<number>\d{{1,18}})(?!\w)", re.IGNORECASE
)
TIME = re.compile(rf"^(?:{_TIME_LABELS})\s*[:：]\s*(?P<time>\S.{{4,80}})$", re.IGNORECASE)

# A label and what stands behind it are short, and some patterns take the square of a line's
# length, or its cube, where it is nothing but spaces.
LONGEST_LINE = 300

_FURNITURE_START = re.compile(
    r"^(?:"
    r"security\s*(?:key|code)|captcha(?:\s+(?:refresh|reload|code))?|refresh\s+captcha|"
    r"page\s+(?:generated|created|rendered|loaded)\s+in\b.*|"
    r"(?:your\s+)?comments?\s*\(?\d*\)?|(?:leave|post|add)\s+(?:a|your)\s+comment|"
    r"کد\s*امنیتی|کلید\s*امنیتی|(?:بازنشانی|بارگذاری|تازه\s*سازی)\s*(?:مجدد\s*)?(?:کد|کپچا|تصویر)?|"
    r"(?:صفحه\s+در|زمان\s+(?:ساخت|تولید|بارگذاری)\s*(?:صفحه)?)\b.*(?:ثانیه).*|نظرات?|دیدگاه(?:‌?ها)?|"
    r"رمز\s*(?:الأمان|التحقق|الحماية)|(?:تحديث|إعادة\s+تحميل)\s*(?:الرمز|الصورة|الكابتشا|رمز\s+التحقق)?|"
    r"(?:تم\s+)?(?:إنشاء|تحميل|توليد)\s+الصفحة\s+(?:في|خلال)\b.*|التعليقات|"
    r"sicherheits(?:schlüssel|code|abfrage)|captcha\s+(?:neu\s+laden|erneuern|aktualisieren)|"
    r"seite\s+(?:erzeugt|generiert|erstellt|aufgebaut)\s+in\b.*|"
    r"seite\s+in\b.*(?:sekunden|sek\.?)\s+(?:erzeugt|generiert|erstellt|aufgebaut)\.?|kommentare"
    r")\s*[:：]?$",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"^(?:print|share|tweet|e-?mail|send|submit|name|your\s+name|save|back|home|top|"
    r"چاپ|ارسال|نام|ایمیل|اشتراک\s*گذاری|بازگشت|طباعة|إرسال|الاسم|مشاركة|"
    r"drucken|teilen|senden|absenden|zurück|nach\s+oben|copyright\b.*|©.*)\s*[:：]?$",
    re.IGNORECASE,
)


def number_in(line: str) -> int | None:
    """Return the story's number where ``line`` prints one after its label that can be one.

    It must stand at the beginning of a long line.
    """
    match = NUMBER.search(plain_digits(line[:LONGEST_LINE]))
    number = int(match["number"]) if match else 0
    return number if 0 < number <= HIGHEST_NUMBER else None


def is_number_line(line: str) -> bool:
    """Tell whether ``line`` is nothing but the story's number with its label."""
    line = line.strip()
    return len(line) <= LONGEST_LINE and bool(NUMBER.fullmatch(plain_digits(line)))


def time_in(line: str) -> str:
    """Return what stands after the label of the publication time; empty where none does."""
    line = line.strip()
    match = TIME.match(line) if len(line) <= LONGEST_LINE else None
    return match["time"].strip() if match else ""


def is_furniture(line: str) -> bool:
    """Tell whether ``line`` is a page's furniture wherever it stands."""
    line = line.strip()
    return len(line) <= LONGEST_LINE and bool(_FURNITURE_START.match(line))


def is_button(line: str) -> bool:
    """Tell whether ``line`` is a page's button or form label, which only its place confirms."""
    line = line.strip()
    return len(line) <= LONGEST_LINE and bool(_BUTTON.match(line))
