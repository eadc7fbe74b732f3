"""Why something could not be read: given in English, told to whoever asks in their language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import broadsheet.attribution
from broadsheet.attribution import reasons
from broadsheet.attribution.extraction import analyse

ROOM = Path(broadsheet.attribution.__file__).parent
_GIVEN = re.compile(
    r'(?:\bunresolved\(|AnalystError\(|_NO_DAY = |reason=|return )\s*f?"([A-Za-z][^"\n]+ [^"\n]+)"'
)


def given() -> list[str]:
    """Return the reasons written in the extraction and the analyst, variable parts filled in."""
    files = [
        *(ROOM / "extraction" / "times").glob("*.py"),
        ROOM / "extraction" / "__init__.py",
        ROOM / "extraction" / "reporting" / "__init__.py",
        ROOM / "analyst.py",
    ]
    found = {text for file in files for text in _GIVEN.findall(file.read_text())}
    marked = {text.replace("{words.name}", "Persian") for text in found}
    return sorted(re.sub(r"\{[^}]*\}", "nb", text) for text in marked)


def test_reasons_are_found_where_they_are_given() -> None:
    assert len(given()) >= 16
    assert "It does not say when." in given()


@pytest.mark.parametrize("language", ["de", "fa"])
def test_every_reason_is_told_in_the_active_language(language: str) -> None:
    never_read = "The analysis has no pipe to it."
    with translation.override(language):
        told = {reason: reasons.told(reason) for reason in given() if reason != never_read}
    assert [reason for reason, words in told.items() if words == reason] == []


def test_english_stays_as_it_is() -> None:
    with translation.override("en"):
        assert [reasons.told(reason) for reason in given() if "“nb”" not in reason] == [
            reason for reason in given() if "“nb”" not in reason
        ]


def test_languages_are_called_by_their_names() -> None:
    reason = analyse("Skipet gikk.", None, language="nb").reason
    marked = "the text is marked as Persian and hardly has a word of Persian"
    with translation.override("de"):
        assert "Bokmål" in reasons.told(reason)
        assert "Persisch" in reasons.told(marked)
    with translation.override("en"):
        assert "“Norwegian Bokmål”" in reasons.told(reason)


def test_what_is_not_known_stays_as_it_is() -> None:
    with translation.override("fa"):
        assert reasons.told("No day is named.") == "No day is named."
        assert reasons.told("") == ""
