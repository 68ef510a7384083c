"""A webhook as its commands leave it: one secret, shown once, until a new one is asked for."""

from typing import Any

from events.errors import NotFound
from events.webhooks import WebhookSet
from services.webhooks.decisions import SECRET_BYTES, new_secret
from tests.desks import ReadableKeys
from tests.given import Scene, fact, given
from tests.lives import Line

URL = "https://alarms.council.example/sightline?key=1"


def act(command: str, **fields: Any) -> Line:
    return {"command": f"webhook.{command}", "authority": "torbay", "actor": "P-QA", "role": "qa_team"} | {
        "webhook": "W-1",
        **fields,
    }


def last(desk: Scene) -> WebhookSet:
    [*_, found] = (each.fact for each in desk.store.load("webhook/W-1") if isinstance(each.fact, WebhookSet))
    assert isinstance(found, WebhookSet)
    return found


def test_it_is_set_with_a_secret_of_its_own() -> None:
    """Its address and its secret are sealed; the host and the types stand open, each type once."""
    kinds = ["sightline.escalation.raised.v1", "sightline.audit.closed.v1"]
    desk = (
        given()
        .when(act("set", url=URL, types=[kinds[0], *kinds]))
        .then(fact("webhook.set", "webhook/W-1", url=URL, host="alarms.council.example", types=kinds, made=True))
    )
    secret = str(ReadableKeys().unseal(last(desk).secret, ""))
    assert secret.startswith("whsec_")
    assert len(secret) == len(new_secret()) > SECRET_BYTES
    assert new_secret() != new_secret()


def test_the_secret_stays_unless_a_new_one_is_asked_for() -> None:
    """A changed address keeps it; rotated, or set again once it was removed, it is another."""
    desk = given(act("set", url=URL))
    first = last(desk).secret
    other = act("set", url="https://other.example/here")
    desk.when(other).then(fact("webhook.set", secret=first, made=False, host="other.example"))
    desk.when({**other, "rotate": True}).then(fact("webhook.set", made=True))
    rotated = last(desk).secret
    desk.when(act("remove")).then("webhook.removed")
    desk.when(other).then(fact("webhook.set", made=True))
    assert len({first, rotated, last(desk).secret}) == 3


def test_the_secret_is_shown_once() -> None:
    """A second time it is refused; what was rotated can be shown again, what was removed not at all."""
    desk = given(act("set", url=URL)).when(act("secret")).then("webhook.secret_shown")
    desk.when(act("secret")).refused("webhook", "the secret of W-1 was shown; set it again with rotate for a new one")
    desk.do(act("set", url=URL, rotate=True))
    desk.when(act("secret")).then("webhook.secret_shown")
    given().when(act("secret")).refused("webhook", error=NotFound)
    given().when(act("remove")).refused("webhook", error=NotFound)
    removed = given(act("set", url=URL), act("remove"))
    removed.when(act("secret")).refused("webhook")
    removed.when(act("remove")).refused("webhook")
