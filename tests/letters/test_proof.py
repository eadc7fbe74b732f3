from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import altcha
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.letters import keys, proof
from broadsheet.letters.models import SecurityKey
from broadsheet.stories.models import Story

VISITOR = keys.new_visitor()


def solved(challenge: dict[str, Any]) -> dict[str, Any]:
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solution is not None
    return {"challenge": challenge, "solution": solution.to_dict()}


def packed(payload: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.fixture
def key(story: Story) -> SecurityKey:
    return keys.issue(story.pk, VISITOR)


def test_work_done_holds_for_its_key_only(story: Story, key: SecurityKey) -> None:
    work = packed(solved(proof.challenge(key)))
    assert proof.holds(work, key)
    assert not proof.holds(work, keys.issue(story.pk, VISITOR))


def test_work_not_done_does_not_hold(key: SecurityKey) -> None:
    payload = solved(proof.challenge(key))
    payload["solution"]["derivedKey"] = "00" * 32
    assert not proof.holds(packed(payload), key)


def test_a_challenge_made_easier_does_not_hold(key: SecurityKey) -> None:
    challenge = proof.challenge(key)
    challenge["parameters"] |= {"keyPrefix": "", "cost": 1}
    challenge["parameters"].pop("keySignature")
    assert not proof.holds(packed(solved(challenge)), key)


def test_work_expires_with_its_key(key: SecurityKey) -> None:
    key.expires_at = timezone.now() - timedelta(seconds=2)
    assert not proof.holds(packed(solved(proof.challenge(key))), key)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode()))
def test_rubbish_does_not_hold(rubbish: str) -> None:
    assert not proof.holds(rubbish, SecurityKey(pk="x" * 16))
    assert not proof.holds("a" * 100_000, SecurityKey(pk="x" * 16))
