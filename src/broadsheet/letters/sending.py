"""A letter on its way in, step by step; whatever stops it gives the reader the text back.

from our own page? small enough? → not too many tries → the story takes letters
→ (a new key was asked for: the form again) → words → key → proof of work → no ban
→ stored, held for a moderator → thanks
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.letters import actions, drawing, gate, keys, opening, proof, rates, readers
from broadsheet.letters.answers import Answered, refused
from broadsheet.letters.drawing import FormState
from broadsheet.letters.forms import LetterForm
from broadsheet.letters.key_views import make_key
from broadsheet.letters.keys import Examination, Verdict
from broadsheet.letters.models import Ban, SecurityKey
from broadsheet.press import dates
from broadsheet.press.frame import chrome_language
from broadsheet.stories.models import Paper, Story

_WORDS = ("name", "email", "text", "answer")


class Sending:
    """One attempt of one visitor to send a letter to one story."""

    def __init__(self, request: HttpRequest, story: Story) -> None:
        self.request = request
        self.story = story
        self.visitor = gate.visitor_of(request)
        self.address_mark = readers.address_mark(request)

    @cached_property
    def form(self) -> LetterForm:
        """The form as it was sent; only to be asked for once the gate is passed."""
        return LetterForm(self.request.POST)

    def _raw(self, name: str) -> str:
        return str(self.form.data.get(name, ""))

    def answer(self) -> HttpResponse:
        """Take the letter in and return the way to the thanks, or the form with a new key.

        Raises :class:`Answered` where something stands against it. To be called with the
        story's language active.
        """
        self._pass_the_gate()
        self._count_the_try()
        self._check_that_it_is_open()
        if "refresh" in self.request.POST:
            return self._form_again({}, status=HTTPStatus.OK)
        examination = keys.examine(
            self.story.pk, self.visitor, self._raw("key"), self._raw("answer")
        )
        words = self._words(examination)
        if not _is_sent_already(examination, words):
            key = self._key(examination)
            self._store(words, key, self._sender(words, key))
        # 303: whatever the browser does next, it does not send the letter again (RFC 9110,
        # 15.4.4).
        response = HttpResponseRedirect(reverse("letters:thanks", args=[self.story.pk]))
        response.status_code = HTTPStatus.SEE_OTHER
        return response

    def _pass_the_gate(self) -> None:
        if not gate.is_from_here(self.request):
            message = _("Comments can only be sent from our own pages.")
            raise refused(self.story, HTTPStatus.FORBIDDEN, message)
        if (status := gate.refused_body(self.request)) is not None:
            message = _("This cannot be taken. If your comment is very long, go back, shorten it.")
            raise refused(self.story, status, message)

    def _count_the_try(self) -> None:
        try:
            rates.count((rates.TRIES, self.address_mark))
        except rates.TooManyError as error:
            raise self._too_many(error) from error

    def _check_that_it_is_open(self) -> None:
        if not opening.is_open(self.story, Paper.objects.first() or Paper()):
            message = _("Comments on this story were closed before yours arrived.")
            raise refused(self.story, HTTPStatus.FORBIDDEN, message, kept=self._raw("text"))

    def _words(self, examination: Examination) -> actions.Words:
        if self.form.is_valid():
            given = self.form.cleaned_data
            return actions.Words(
                name=given["name"],
                text=given["text"],
                email=given["email"],
                altered=self.form.altered,
            )
        errors: dict[str, str] = {}
        for name, messages in self.form.errors.items():
            errors[name if name in _WORDS else "form"] = str(messages[0])
        if examination.verdict is Verdict.RIGHT and examination.key is not None:
            # The key was read well once; nobody should have to do it twice.
            raise Answered(self._form_again(errors, key=examination.key.pk))
        errors.setdefault("answer", _said(examination.verdict))
        raise Answered(self._form_again(errors))

    def _key(self, examination: Examination) -> SecurityKey:
        if examination.verdict is not Verdict.RIGHT or examination.key is None:
            raise Answered(self._form_again({"answer": _said(examination.verdict)}))
        return examination.key

    def _sender(self, words: actions.Words, key: SecurityKey) -> actions.Sender:
        work = self.form.cleaned_data["work"]
        if work and not proof.holds(work, key):
            message = _("Your browser's calculation does not fit the key. Send it once more.")
            raise Answered(self._form_again({"form": message}))
        if (ban := actions.ban_on(self.address_mark, words.email)) is not None:
            message = _banned(ban, chrome_language(self.story.language))
            raise refused(self.story, HTTPStatus.FORBIDDEN, message, kept=words.text)
        return actions.Sender(
            address_mark=self.address_mark,
            proven=bool(work),
            trapped=bool(self.form.cleaned_data["subject"]),
        )

    def _store(self, words: actions.Words, key: SecurityKey, sender: actions.Sender) -> None:
        try:
            actions.receive(self.story, words, key, sender)
        except rates.TooManyError as error:
            raise self._too_many(error) from error
        except actions.KeyUsedError as error:
            raise Answered(self._form_again({"answer": _said(Verdict.USED)})) from error

    def _too_many(self, error: rates.TooManyError) -> Answered:
        message = ngettext(
            "Too much was sent in a short time. Try again in %(minutes)s minute.",
            "Too much was sent in a short time. Try again in %(minutes)s minutes.",
            error.minutes,
        )
        minutes = dates.numerals(error.minutes, chrome_language(self.story.language))
        response = self._form_again(
            {"form": message % {"minutes": minutes}},
            key=self._shown_key(),
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )
        response.headers["Retry-After"] = str(error.seconds)
        return Answered(response)

    def _shown_key(self) -> str:
        """Return the name of the key the form showed, if it was indeed this visitor's."""
        name = self._raw("key")
        return name if keys.of_visitor(self.story.pk, self.visitor, name) else ""

    def _form_again(
        self,
        errors: dict[str, str],
        *,
        key: str = "",
        status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> HttpResponse:
        """Return the form with all that was typed, under a new key unless ``key`` is kept."""
        state = FormState(
            name=self._raw("name"),
            email=self._raw("email"),
            text=self._raw("text"),
            first=True,
            errors=errors,
        )
        if key:
            state.key, state.answer = key, self._raw("answer")
        else:
            try:
                state.key = make_key(self.story.pk, self.visitor, self.address_mark).pk
            except rates.TooManyError:
                state.pictured = False
        html = drawing.page(self.story, _("Write a comment"), form=state)
        response = HttpResponse(html, status=status)
        gate.remember(response, self.visitor)
        return response


def _is_sent_already(examination: Examination, words: actions.Words) -> bool:
    """Tell whether this very letter was stored with this very key: a double click, say."""
    letter = examination.key.letter if examination.key is not None else None
    return letter is not None and (letter.name, letter.text) == (words.name, words.text)


def _said(verdict: Verdict) -> str:
    match verdict:
        case Verdict.USED:
            return _("This key was used already; a key works once. Type the digits of the new one.")
        case Verdict.EXPIRED:
            return _("This key has expired. Type the digits of the new one.")
        case Verdict.UNKNOWN:
            return _(
                "We know of no key shown to you. It may have expired, or your browser refuses "
                "cookies, which the key needs. Type the digits of the new one."
            )
        case _:
            return _("These are not the digits of the key. Type those of the new one.")


def _banned(ban: Ban, language: str) -> str:
    if ban.until is None:
        return _("You have been banned from commenting here. What you wrote is below.")
    zone = (Paper.objects.first() or Paper()).zone
    day = dates.long_day(timezone.localtime(ban.until, zone).date(), language)
    message = _("You have been banned from commenting here until %(day)s. What you wrote is below.")
    return message % {"day": day}
