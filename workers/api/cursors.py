"""Cursors: where a page ended, sealed, so that nobody reads in an address what a row is about, nor makes one up."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from hashlib import sha256
from os import urandom
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.errors import Refused
from services.keyring import MasterKey

NONCE_BYTES = 12
LONGEST = 2_000


class Cursors:
    """Every process with the same master key reads the cursors of the others."""

    def __init__(self, master: MasterKey) -> None:
        self._aead = AESGCM(sha256(master.name(b"sightline cursor key").encode()).digest())

    def seal(self, place: Sequence[Any], question: str) -> str:
        """The cursor of a place among the rows of a question: its key."""
        nonce = urandom(NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, orjson.dumps(list(place), default=str), question.encode())
        return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, cursor: str, question: str) -> list[Any]:
        """The place that a cursor of the same question names. Refused for any other, or one that was changed."""
        try:
            raw = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)) if len(cursor) <= LONGEST else b""
            if not raw or urlsafe_b64encode(raw).decode().rstrip("=") != cursor:
                raise ValueError("not as it was made")  # noqa: TRY301 - one answer to everything that is no cursor
            place: list[Any] = orjson.loads(self._aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], question.encode()))
        except (InvalidTag, NotBase64, ValueError) as error:
            raise Refused("cursor", "is none that belongs to this question; begin without one") from error
        return place
