"""The rules by HTTP: which were adopted, by whom and from when, and in words what stood on a day."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.clock import local_date
from services.modules import CATALOGUE
from services.policy.describe.pages import paragraphs
from tests.workers.api.rig import Api
from workers.histories.accepting import By
from workers.histories.adopting import adopted_by, take_over

DIRECTOR = By("P-DIR", "director")


async def ask(api: Api, *path: str, by: str = "P-TM", **options: str) -> Any:
    async with api.client(by) as client:
        answer = await client.get(api.path("policies", *path), params=options)
    assert answer.headers["content-type"].startswith("application/")
    return answer


def adopt(api: Api, version: str, since: date) -> None:
    """A further version, in which nobody but the director places a unit."""
    system = api.rig.system
    before = system.rules.proposed[api.authority].newest
    changed = {"version": version, "acts": before.acts | {"unit.place": ("director",)}}
    assert adopted_by(system, before.model_copy(update=changed), since, DIRECTOR)


def said(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["heading"], text) for each in answer["paragraphs"] for text in (each["text"], *each["items"])]


async def test_what_was_adopted(api: Api) -> None:
    """Every adopted version in its order: who adopted it, from when and under which hash; none before the first."""
    system, today = api.rig.system, local_date(api.rig.now())
    assert (await ask(api)).json() == {"rows": []}
    take_over(system, api.authority)
    adopt(api, "2", today + timedelta(days=3))
    rows = (await ask(api)).json()["rows"]
    assert [(each["version"], each["actor"], each["role"], each["in_force"]) for each in rows] == [
        ("1", "sightline", "system", True),
        ("2", "P-DIR", "director", False),
    ]
    first, second = system.rules.adopted(api.authority).versions()
    assert [(each["since"], each["digest"]) for each in rows] == [
        (str(each.effective_from), each.digest) for each in (first, second)
    ]
    assert [each["taken_over"] for each in rows] == [True, False]


async def test_the_rules_in_words(api: Api) -> None:
    """The words are those of the framework that stood: today's, those of a day, and those that were known by a day."""
    system, today = api.rig.system, local_date(api.rig.now())
    file = (await ask(api, "in-force")).json()
    assert (file["version"], file["digest"]) == ("1", "")
    take_over(system, api.authority)
    adopt(api, "2", today)
    now, before = (await ask(api, "in-force")).json(), await ask(api, "in-force", as_at=str(today - timedelta(days=1)))
    assert (now["version"], before.json()["version"]) == ("2", "1")
    assert now["digest"] == system.rules.adopted(api.authority).versions()[-1].digest
    told = [
        (each.heading, text)
        for each in paragraphs(system.policies[api.authority].in_force(today), CATALOGUE.known)
        for text in (each.text, *each.items)
    ]
    assert said(now) == told
    placing = "put a team under one: "
    assert [text.partition(placing)[2] for _, text in said(now) if placing in text] == [
        "Director of Children's Services."
    ]
    assert [text.partition(placing)[2] for _, text in said(before.json()) if placing in text] == ["QA Team."]
    known = await ask(api, "in-force", as_at=str(today), as_known=str(today - timedelta(days=1)))
    assert known.json()["version"] == "1", "the second was adopted today"


@pytest.mark.parametrize(
    ("path", "options", "by", "status", "field"),
    [
        ((), {"as_at": "2026-01-01"}, "P-TM", 422, "as_at"),
        (("in-force",), {"as_at": "2999-01-01"}, "P-TM", 422, "as_at"),
        (("in-force",), {"as_at": "tomorrow"}, "P-TM", 422, "as_at"),
        (("in-force",), {"colour": "red"}, "P-TM", 422, "colour"),
        ((), {}, "P-NOBODY", 403, None),
        (("in-force",), {}, "P-NOBODY", 403, None),
        ((), {}, "nobody", 401, None),
    ],
)
async def test_what_is_refused(
    api: Api, path: tuple[str, ...], options: dict[str, str], by: str, status: int, field: str | None
) -> None:
    """Whoever holds a post may ask; what is no option or no day that has come is told by name."""
    answer = await ask(api, *path, by=by, **options)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert field is None or answer.json()["field"] == field
