"""Proof of work: what a browser must compute before it may send a letter (ALTCHA, version 2).

The browser looks for a counter whose PBKDF2 begins as the challenge says: some hundred
derivations, about a second of its time while the reader types, the same for a machine that
sends a thousand. The challenge is signed, names the security key it goes with and expires with
it; since a key works once, so does its proof, and nothing needs to be stored.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from typing import Any

import altcha
from django.utils.crypto import salted_hmac

from broadsheet.letters.models import SecurityKey

_SALT = "broadsheet.letters.proof"
_ALGORITHM = "PBKDF2/SHA-256"
_ITERATIONS = 5_000
# The counter to be found lies between these, so that the work is bounded for slow phones.
_FEWEST, _MOST = 150, 400
# The challenge and its solution come to some 700 characters.
_LONGEST = 4_000


def _secret(part: str) -> bytes:
    return salted_hmac(f"{_SALT}.{part}", "", algorithm="sha256").digest()


def challenge(key: SecurityKey) -> dict[str, Any]:
    """Return the challenge that goes with ``key``, as ALTCHA's JSON."""
    made = altcha.create_challenge(
        _ALGORITHM,
        _ITERATIONS,
        counter=_FEWEST + secrets.randbelow(_MOST - _FEWEST),
        expires_at=key.expires_at,
        data={"key": key.pk},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return made.to_dict()


def holds(payload: str, key: SecurityKey) -> bool:
    """Tell whether ``payload`` (base64 of ALTCHA's JSON) solves a challenge made for ``key``."""
    if len(payload) > _LONGEST or not payload.isascii():
        return False
    result = altcha.verify_solution(
        payload, _secret("challenge"), hmac_key_secret=_secret("solution")
    )
    if not result.verified:
        return False
    return _data(payload).get("key") == key.pk


def _data(payload: str) -> dict[str, Any]:
    # The signature was checked above, so this is what we signed.
    try:
        data = json.loads(base64.b64decode(payload))["challenge"]["parameters"]["data"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return {}
    return data if isinstance(data, dict) else {}
