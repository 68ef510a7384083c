"""The quick ways of the envelope give what the plain ways give: the form of headers and hashes is for ever."""

import hashlib
from dataclasses import replace
from urllib.parse import quote

from hypothesis import given
from hypothesis.strategies import binary, characters, text

from events import envelope
from tests.histories import allocated, recorded

TOLD = recorded(allocated()).envelope
WORDS = text(characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def headers(actor: str, body: bytes) -> dict[str, str]:
    told = replace(TOLD, actor=actor)
    return envelope.to_headers(told, stored_name="audit.filed.v1", aggregate="audit/A-1", version=1, body=body)


@given(actor=WORDS)
def test_values_are_percent_encoded(actor: str) -> None:
    """Whatever an attribute holds, its header is what percent-encoding gives, and comes back as it was."""
    found = headers(actor, b"{}")
    assert found["ce-actor"] == quote(actor, safe=" /:+,.@")
    assert envelope.from_headers(found) == replace(TOLD, actor=actor)


@given(actor=WORDS, body=binary(max_size=40))
def test_hash_covers_headers_and_body(actor: str, body: bytes) -> None:
    """The content hash is SHA-256 over the sorted attributes, a line each, and then the body."""
    found = headers(actor, body)
    plain = hashlib.sha256()
    for name in sorted(found):
        if name not in {"ce-contenthash", "ce-recordedtime"}:
            plain.update(f"{name}:{found[name]}\n".encode())
    plain.update(body)
    assert found["ce-contenthash"] == plain.hexdigest()
