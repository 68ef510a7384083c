"""A secret that is made anew: for a time both sign; and neither it nor an address is ever written down."""

import asyncio
import base64
import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from standardwebhooks import WebhookVerificationError

from tests.workers.receiver import OK, Posted, answer, receiving
from tests.workers.rig import Rig
from tests.workers.test_webhooks import QUICK, SHORT, audits, set_webhook, until
from workers.processes.logs import configure_logs
from workers.webhooks import books

MakeRig = Callable[..., Rig]


def good(posted: Posted, secret: str) -> bool:
    """Whether who holds that secret takes the post."""
    try:
        posted.verified(secret)
    except WebhookVerificationError:
        return False
    return True


async def test_both_secrets_sign_until_the_overlap_is_over(make_rig: MakeRig) -> None:
    """Before it the one, in it both, after it the new one alone; a third takes the place of the second."""
    rig = make_rig(**QUICK)
    now = rig.system.clock
    async with receiving() as receiver, rig.workers("publisher"):
        first = await asyncio.to_thread(set_webhook, rig, receiver.url)
        async with rig.workers("webhooks"):
            await asyncio.to_thread(audits, rig, "A-1")
            await until(receiver, 2)
            second = await asyncio.to_thread(set_webhook, rig, receiver.url)
            await signed_anew(rig, receiver.posts, second)
            assert {good(each, first) for each in receiver.posts[:2]} == {True}
            assert {good(each, second) for each in receiver.posts[:2]} == {False}
            assert good(receiver.posts[-1], first)
            rig.system.clock = lambda: now() + timedelta(days=1)
            third = await asyncio.to_thread(set_webhook, rig, receiver.url)
            await signed_anew(rig, receiver.posts, third)
            last = receiver.posts[-1]
            assert [good(last, each) for each in (first, second, third)] == [False, True, True]
            rig.system.clock = lambda: now() + timedelta(days=2, minutes=1)
        async with rig.workers("webhooks"):
            before = len(receiver.posts)
            await asyncio.to_thread(audits, rig, "A-9")
            await until(receiver, len(set(receiver.ids)) + 2)
    assert {tuple(good(each, one) for one in (first, second, third)) for each in receiver.posts[before:]} == {
        (False, False, True)
    }


async def signed_anew(rig: Rig, posts: list[Posted], secret: str) -> None:
    """Record audits until one is posted that holds that secret's signature: the worker looks once a second."""
    for number in range(200):
        wanted = len(posts) + 2

        def came(many: int = wanted) -> bool:
            return len(posts) >= many

        await asyncio.to_thread(audits, rig, f"A{secret[6:12].replace('/', '-').replace('+', '-')}-{number}")
        await rig.until(came)
        if good(posts[-1], secret):
            return
    raise AssertionError("the new secret never signs")


async def test_neither_address_nor_secret_is_written_down(
    make_rig: MakeRig, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever becomes of a post: taken, refused, redirected, parked, nobody there. Health holds none of it either."""
    rig = make_rig(**SHORT)
    caplog.set_level(logging.DEBUG)
    configure_logs(rig.settings.model_copy(update={"log_level": "debug"}))
    says = [OK, answer("500 No"), answer("302 Found", "Location: http://elsewhere/"), answer("429 Later")]
    async with receiving(lambda number, _: says[number % len(says)]) as receiver, rig.workers("publisher"):
        secret = await asyncio.to_thread(set_webhook, rig, receiver.url)
        nobody = "http://127.0.0.1:9/nobody?token=another-secret"
        other = await asyncio.to_thread(set_webhook, rig, nobody, "W-2")
        async with rig.workers("webhooks"):
            await asyncio.to_thread(audits, rig, "A-1", "A-2")
            await until(receiver, 4)
            await rig.until(lambda: len(books.parked(rig.system.engine, rig.authority)) >= 4)
            told = repr(books.parked(rig.system.engine, rig.authority)) + repr(books.signs(rig.system.engine))
    captured = capfd.readouterr()
    written = caplog.text + captured.out + captured.err + told
    assert "W-2" in written, "the log was looked at"
    keys = [part for each in (secret, other) for part in (each, each.removeprefix("whsec_"))]
    raw = [base64.b64decode(each.removeprefix("whsec_")).hex() for each in (secret, other)]
    paths = [urlsplit(receiver.url).query, "another-secret", "secret-of-the-receiver", "/hook?", "/nobody"]
    assert not [each for each in (*keys, *raw, *paths) if each in written]
