"""What is refused at the door, with which status, by which field and rule; and that nothing is written."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.stores import Store
from tests.workers.api.rig import Api, allocation, api_of

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def api(single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One for all of these tests: what is refused writes nothing."""
    with api_of(single_store, tmp_path_factory.mktemp("refusals"), api_burst=100_000) as found:
        yield found


def kind(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == PROBLEM
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["instance"] == f"urn:sightline:request:{answer.headers['x-request-id']}"
    return str(told["type"]).removeprefix("urn:sightline:problem:")


@pytest.mark.parametrize(
    ("change", "status", "named", "field"),
    [
        ({"actor": "P-DIR"}, 403, "not-allowed", "actor"),
        ({"command": "audit.close"}, 422, "refused", "command"),
        ({"authority": "halton"}, 422, "refused", "authority"),
        ({"id": "k"}, 422, "refused", "id"),
        ({"role": "director"}, 403, "not-allowed", "role"),
        ({"role": "auditor; DROP"}, 422, "refused", "role"),
        ({"role": "qa_lead"}, 422, "refused", "role"),
        ({"auditor": "P-NOBODY"}, 422, "refused", "auditor"),
        ({"child": "C 1"}, 422, "refused", "child"),
        ({"extra": 1}, 422, "refused", "extra"),
        ({"due": "tomorrow"}, 422, "refused", "due"),
        ({"at": "2020-01-01"}, 422, "refused", "at"),
        ({"at": "2199-01-01"}, 422, "refused", "at"),
        ({"audit_type": "a\u202eb"}, 422, "refused", "audit_type"),
        ({"audit": None}, 422, "refused", "audit"),
        ({"reaudit_of": "A-404"}, 404, "not-found", None),
    ],
)
async def test_a_body_that_is_not_taken(
    api: Api, change: dict[str, Any], status: int, named: str, field: str | None
) -> None:
    """Field and rule are named, and the history is as it was."""
    end = api.rig.system.history(api.authority).position()
    answer = await api.act("audit.allocate", {**allocation("A-1"), **change})
    assert (answer.status_code, kind(answer), answer.json().get("field")) == (status, named, field), answer.text
    assert api.rig.system.history(api.authority).position() == end


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": "\xff"}', "application/json", 400),
        (b'{"a": "\\ud800"}', "application/json", 400),
        (b'{"role": "qa_team", "role": "director"}', "application/json", 422),
        (b'{"a": 12345678901234567890}', "application/json", 422),
        (b"[" * 33 + b"]" * 33, "application/json", 400),
        (b'{"a":' * 500_00 + b"1" + b"}" * 500_00, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_what_cannot_be_read(api: Api, content: bytes, media: str, status: int) -> None:
    """No form of a body that is no sound JSON object gets to a desk, however deep it is nested."""
    async with api.client() as client:
        answer = await client.post(
            api.path("commands", "audit.allocate"), content=content, headers={"Content-Type": media}
        )
    assert answer.status_code == status, answer.text
    assert kind(answer) in {"malformed", "refused", "unsupported-media-type"}


@pytest.mark.parametrize(
    "head",
    [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic UC1RQQ=="}, {"Authorization": "Bearer forged"}],
)
@pytest.mark.parametrize(("method", "place"), [("GET", "views/register"), ("POST", "commands/audit.allocate")])
async def test_nobody_is_let_in_without_a_token(api: Api, head: dict[str, str], method: str, place: str) -> None:
    """The answer says what to bring, and nothing of what is behind the door."""
    async with api.client() as client:
        client.headers.pop("Authorization")
        answer = await client.request(method, api.path(place), headers=head, content=b"{")
    assert (answer.status_code, kind(answer)) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="sightline"')


@pytest.mark.parametrize(
    "place", ["views/register", "overdue", "workload", "programme", "records/audit/A-1/owed", "escalations/events"]
)
async def test_another_authority_is_closed(api: Api, place: str) -> None:
    """A token counts where it was issued for; whether another authority is here is not told."""
    async with api.client() as client:
        answers = [await client.get(f"/v1/{other}/{place}") for other in ("torbay", "nowhere")]
    assert [(each.status_code, each.json()["field"]) for each in answers] == [(403, "authority")] * 2


async def test_who_holds_no_post_sees_nothing(api: Api) -> None:
    """A person with a good token who holds no post today reads no view."""
    async with api.rig.workers("register"), api.client("P-STRANGER") as client:
        answer = await client.get(api.path("views", "register"))
    assert (answer.status_code, answer.json()["field"]) == (403, "actor")


async def test_separation_of_duties_is_told_apart_and_recorded(api: Api) -> None:
    """Who was the child's worker may not audit the file: the attempt stands in the history, by HTTP as elsewhere."""
    answer = await api.act("audit.allocate", allocation("A-1", worker="P-AUD"))
    assert (answer.status_code, kind(answer)) == (403, "separation-of-duties"), answer.text
    assert [each.fact.stored_name for each in api.rig.history("A-1")] == ["audit.act_refused.v1"]


@pytest.mark.parametrize(
    ("method", "path", "status", "named"),
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/v1/openapi.json/", 404, "not-found"),
        ("GET", "/docs", 404, "not-found"),
        ("POST", "/v1/x/commands/audit.fly", 404, "not-found"),
        ("DELETE", "/v1/x/views/register", 405, "method-not-allowed"),
        ("GET", "/v1/x/commands/audit.allocate", 405, "method-not-allowed"),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    api: Api, method: str, path: str, status: int, named: str
) -> None:
    """No error comes in another form than all others."""
    async with api.client() as client:
        answer = await client.request(method, path)
    assert (answer.status_code, kind(answer)) == (status, named)


async def test_a_store_that_is_away_is_told_with_when_to_come_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unavailable is a 503 with Retry-After, for commands and for queries."""
    from events.errors import Unavailable  # noqa: PLC0415 - for this test alone
    from workers.doors.watched import Watched  # noqa: PLC0415 - as above

    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("NATS did not answer")

    monkeypatch.setattr(Watched, "load", away)
    answer = await api.act("audit.allocate", allocation("A-1"))
    assert (answer.status_code, kind(answer), answer.headers["Retry-After"]) == (503, "unavailable", "2")
    async with api.client() as client:
        answer = await client.get(api.path("views", "notices"))  # nobody has kept it
    assert (answer.status_code, kind(answer)) == (503, "unavailable")


async def test_a_defect_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What nobody foresaw is a problem with an id; its words are neither told nor logged."""
    from workers.doors.watched import Watched  # noqa: PLC0415 - for this test alone

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("child C-SECRET")

    monkeypatch.setattr(Watched, "load", broken)
    answer = await api.act("audit.allocate", allocation("A-1"))
    assert (answer.status_code, kind(answer)) == (500, "defect")
    assert b"C-SECRET" not in orjson.dumps(answer.json())
    out, err = capfd.readouterr()
    assert "C-SECRET" not in out + err
    assert answer.headers["x-request-id"] in out + err
