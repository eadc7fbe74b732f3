"""A small test of relevance on Persian news written for it, judged story by story.

Too small to prove a figure; large enough to notice when folding, stems or weights get worse.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean

import pytest

from broadsheet.search import cutting, index, persian, words
from broadsheet.stories.models import Story

Publish = Callable[..., Story]
pytestmark = pytest.mark.django_db

STORIES = {
    "budget": (
        "مجلس بودجه سال آینده را تصویب کرد",
        "نمایندگان مجلس پس از سه روز گفت‌وگو بودجه‌ی سالانه را تصویب کردند. وزیر اقتصاد گفت مالیات "
        "کارخانه‌ها کمتر می‌شود.",
    ),
    "tax": (
        "اعتراض بازرگانان به مالیات‌های تازه",
        "بازرگانان شهر می گویند مالیات تازه کار آن‌ها را دشوار می‌کند. دولت وعده داده است که "
        "مالیاتهای کوچک را ببخشد.",
    ),
    "quake": (
        "زمین‌لرزه‌ای به بزرگی پنج ریشتر",
        "زمین لرزه دیشب روستاهای کوهستانی را لرزاند. امدادگران به روستاها رسیدند و کسی کشته نشد.",
    ),
    "relief": (
        "کمک‌رسانی به روستاییان ادامه دارد",
        "کامیون‌های کمک به روستای آسیب‌دیده از زلزله رسید. پزشکان می‌گویند زخمی‌ها بهترند.",
    ),
    "football": (
        "تیم ملی فوتبال به جام جهانی رسید",
        "بازیکنان تیم ملی با دو گل حریف را شکست دادند. سرمربی گفت فوتبال کشور پیشرفت کرده است.",
    ),
    "league": (
        "آغاز لیگ فوتبال زنان",
        "لیگ زنان فوتباليست با هشت تيم آغاز شد. تماشاگران بازی‌ها رایگان به ورزشگاه می‌روند.",
    ),
    "water": (
        "کم‌آبی در استان‌های جنوبی",
        "مدیر آب استان گفت سدها نیمه خالی است و کشاورزان باید آب کمتری ببرند.",
    ),
    "farm": (
        "کشاورزان از باران خوشحال‌اند",
        "باران یک‌هفته‌ای زمین‌های کشاورزی را سیراب کرد. سدهای استان پر می‌شود.",
    ),
    "election": (
        "انتخابات ریاست‌جمهوری در بهار",
        "وزیر کشور روز انتخابات رئیس جمهور را اعلام کرد. نامزدهای انتخاباتی از هفته آینده نام‌نویسی "
        "می‌کنند.",
    ),
    "debate": (
        "نامزدها در تلویزیون بحث کردند",
        "سه نامزد انتخاباتِ پیش رو درباره اقتصاد و مالیات بحث کردند.",
    ),
    "school": (
        "كتابهاي درسي تازه در مدرسه‌ها",
        "وزارت آموزش كتاب‌های تازه را به مدرسه‌های روستایی فرستاد.",
    ),
    "fair": (
        "نمایشگاه کتاب باز شد",
        "ناشران ایرانی و خارجی در نمایشگاه کتاب تهران شرکت کردند. بازدیدکنندگان کتاب می‌خرند.",
    ),
}
JUDGED = {
    "مالیات": {"tax", "budget", "debate"},
    "مالیات‌ها": {"tax", "budget", "debate"},
    "انتخابات رياست جمهوري": {"election", "debate"},
    "رئیس‌جمهور": {"election"},
    "کتاب": {"fair", "school"},
    "کتاب های درسی": {"school"},
    "فوتبال زنان": {"league", "football"},
    "سد استان": {"water", "farm"},
    "روستاهای زلزله‌زده": {"relief", "quake"},
    "نامزد": {"election", "debate"},
    "ناشر ایران": {"fair"},
}


def average_precision(found: list[str], judged: set[str]) -> float:
    """Return the mean of the precision at each relevant story (Manning et al., 8.4)."""
    hits = 0
    precisions = []
    for rank, name in enumerate(found, start=1):
        if name in judged:
            hits += 1
            precisions.append(hits / rank)
    return sum(precisions) / len(judged)


def mean_average_precision(names: dict[int, str]) -> float:
    index.rebuild()
    return mean(
        average_precision([names[key] for key in index.query(query, limit=100).news_ids], judged)
        for query, judged in JUDGED.items()
    )


def test_persian_news_is_found_and_stems_help(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {
        publish(headline, body, language="fa").pk: name
        for name, (headline, body) in STORIES.items()
    }
    with_stems = mean_average_precision(names)
    monkeypatch.setattr(persian, "stem", lambda word: word)
    words.forms_of.cache_clear()
    cutting.cut_words.cache_clear()
    without = mean_average_precision(names)
    monkeypatch.undo()
    words.forms_of.cache_clear()
    cutting.cut_words.cache_clear()
    assert with_stems >= 0.9
    assert with_stems > without
