"""How names stand in addresses, in every script."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from broadsheet.newsroom.actions import filing
from broadsheet.pressed_paths import file_of
from broadsheet.slugs import free_slug, is_slug, slug_of
from broadsheet.stories.models import Topic

NAMES = {
    "Hindi": ("राजेश कुमार", "राजेश-कुमार"),
    "Bengali": ("শেখ হাসিনা", "শেখ-হাসিনা"),
    "Thai": ("สมชาย ใจดี", "สมชาย-ใจดี"),
    "Khmer": ("ភាសា ខ្មែរ", "ភាសា-ខ្មែរ"),
    "Tamil": ("தமிழ் நாடு", "தமிழ்-நாடு"),
}
# Here the marks are no part of the word as it is written.
AS_DJANGO = [
    "Übergröße & Co.",
    "café",
    "مُحَمَّد",
    "שָׁלוֹם",
    "تهران ۱۴۰۴",
    "e\u0301te\u0301",
    "x_y",
    "  ",
    "日本 語",
]


@pytest.mark.parametrize("script", NAMES)
def test_vowels_stay(script: str) -> None:
    name, slug = NAMES[script]
    assert slug_of(name) == slug
    assert is_slug(slug)


@pytest.mark.parametrize("name", AS_DJANGO)
def test_marks_that_only_help_to_read_go(name: str) -> None:
    assert slug_of(name) == slugify(name, allow_unicode=True)


@pytest.mark.parametrize("text", ["", "a b", "a/b", "a\u0301b", "a.b", "<b>", "a\u200cb", "a️b"])
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


@pytest.mark.django_db
def test_forms_take_what_is_made_and_nothing_else() -> None:
    topic = filing.topic("राजेश कुमार", "hi")
    assert topic.slug == "राजेश-कुमार"
    topic.full_clean()
    field = Topic._meta.get_field("slug").formfield()
    assert field.clean("राजेश-कुमार") == "राजेश-कुमार"
    for wrong in ("राजेश कुमार", "a/b"):
        with pytest.raises(ValidationError):
            field.clean(wrong)
        topic.slug = wrong
        with pytest.raises(ValidationError):
            topic.full_clean()


def test_a_page_can_be_pressed_there() -> None:
    assert file_of("/topic/राजेश-कुमार/") == "topic/राजेश-कुमार/index.html"


@pytest.mark.django_db
def test_a_slug_that_is_taken_gets_a_number() -> None:
    for expected in ("ships", "ships-2", "ships-3"):
        slug = free_slug(Topic, "Ships", "topic")
        assert slug == expected
        Topic.objects.create(name=expected, slug=slug)
    assert free_slug(Topic, "—", "topic") == "topic"
    longest = Topic._meta.get_field("slug").max_length
    assert longest
    assert len(free_slug(Topic, "ж" * 2 * longest, "topic")) < longest
