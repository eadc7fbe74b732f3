"""What language a text is in: declared, written, or guessed where the two contradict."""

from __future__ import annotations

import pytest

from broadsheet.wire.language import language_by_script, language_of

_ENGLISH = "The program reads the configuration file and prints every host name it finds in it. "


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        # Each of three scripts has fewer letters here than the Latin one.
        (
            "サーバの設定ファイルを確認して保存する DNS MediaWiki LibreOffice Debian の使い方 " * 3,
            "ja",
        ),
        ("התוכנה קוראת את הקובץ ומדפיסה את כל השמות שהיא מוצאת " + _ENGLISH, "he"),
        ("서버 설정 파일을 확인하고 저장한 다음 다시 시작합니다 " + _ENGLISH, "ko"),
    ],
)
def test_names_in_latin_letters_do_not_make_another_language(
    text: str, declared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No model is loaded for it, which takes 80 MB.
    monkeypatch.setattr("py3langid.rank", None)
    assert language_of(text, declared) == declared


@pytest.mark.parametrize("declared", ["en", "ru", ""])
def test_what_a_template_declares_over_another_script_is_not_believed(declared: str) -> None:
    persian = "به گزارش خبرگزاری‌ها، دولت دیروز از برنامه‌ای تازه برای شهرهای بزرگ خبر داد. " * 3
    assert language_of(persian + "Reuters DNS", declared) == "fa"


def test_english_under_another_declaration_is_english() -> None:
    assert language_of(_ENGLISH * 3 + "отмена", "ru") == "en"


@pytest.mark.parametrize(
    ("name", "language"),
    [("The River", "de"), ("اقتصاد", "ar"), ("ライブラリ", "ja"), ("ไทย", "de"), ("2024", "de")],
)
def test_a_name_is_in_the_first_language_that_is_written_so(name: str, language: str) -> None:
    assert language_by_script(name, ["de", "ar", "fa", "zh", "ja"]) == language
