"""What is kept of an adopted policy: all of it, for good, with the bank holidays by which its days are counted."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import orjson
import pytest

from events.errors import BrokenHistory
from events.policies import PolicyAdopted
from events.registry import decode
from services.adoption.decisions import adopt, holidays_known, taken_over
from services.modules import CATALOGUE
from services.obligations.calendar import WorkingCalendar
from services.obligations.engine import obligations
from services.policy.adopted import AdoptedPolicy, Content, _unpacked, opened, same_rules, with_alerts
from services.policy.describe.changes import changes
from services.policy.expressions import Span
from services.policy.model import Policy
from services.policy.versions import Policies
from services.policy.yearly import Yearly
from tests.desks import SHIPPED
from tests.given import at, fact, given
from tests.lives import Life, Line
from tests.services.escalations import knobs
from tests.services.escalations.test_told_once import NOW, after_two_requests, requests
from tests.walks import AUDIT

RECORDED = datetime(2026, 1, 5, tzinfo=UTC)
KEPT = Path(__file__).with_name("kept.json")
EXTRA = date(2026, 4, 20)


def as_adopted(policies: Policies) -> Policies:
    """The same versions as they are once they were taken over."""
    return Policies(policies.authority, tuple(opened(each, RECORDED) for each in taken_over(policies)))


@pytest.mark.parametrize("authority", SHIPPED)
def test_all_of_it_is_kept(authority: str) -> None:
    """A policy that was adopted says just what its file said, from the same day, under the hash of its content."""
    [fact] = taken_over(SHIPPED[authority])
    found = opened(fact, RECORDED)
    assert same_rules(found, SHIPPED[authority].newest)
    assert (found.effective_from, found.digest, found.known_since) == (fact.since, fact.digest, None)


def test_what_was_kept_first_can_still_be_read() -> None:
    """The first policy that was ever kept reads whole: its form is a format for ever."""
    fact = decode("policy.adopted.v1", KEPT.read_bytes())
    assert isinstance(fact, PolicyAdopted)
    found = opened(fact, RECORDED)
    assert (found.authority, found.version, found.calendar.notice_hour.hour) == ("torbay", "1", 8)
    assert [rule.name for rule in found.obligations][:2] == [r.name for r in SHIPPED["torbay"].newest.obligations][:2]
    assert date(2026, 12, 25) in found.bank_holidays


@pytest.mark.parametrize("hour", ["08:30:15", "08:30:15.5", "08:30:00Z"])
def test_an_hour_that_was_adopted_with_its_seconds_can_be_read(hour: str) -> None:
    """A file with one is refused today; what was adopted is what it was."""
    policy = SHIPPED["torbay"].newest
    written = orjson.loads(Content.of(policy, ()).data)
    written["calendar"]["notice_hour"] = written["messages"]["digest_at"] = hour
    content = Content(orjson.dumps(written).decode())
    kept = {"version": policy.version, "framework": policy.framework, "since": policy.effective_from}
    fact = PolicyAdopted(**kept, digest=content.digest, size=content.size, content=content.packed())
    found = opened(fact, RECORDED)
    assert found.calendar.notice_hour == found.messages.digest_at == time.fromisoformat(hour)


def as_before_alerts(policy: Policy) -> PolicyAdopted:
    """The policy adopted as one was before alerts stood apart: each first among the obligations, with an owner."""
    written: Line = orjson.loads(Content.of(policy, (EXTRA,)).data)
    none: Line = {
        "owner": policy.fallback,
        "jointly": [],
        "due": None,
        "kind": "within",
        "per": "audit",
        "if_past": None,
    }
    none |= {"met_by": [], "met_all": False, "met_count": 1, "met_sum": None, "met_earlier": False, "until": None}
    none |= {"met_by_roles": [], "met_when": {}, "met_each": {}, "again_every": None, "early_window": None}
    none |= {"roll_non_working": None, "paused_by_agreed_date": False, "stops_for": [], "actions_first": False}
    told = [{**none, "with_reaudits": False, **each} for each in written.pop("alerts")]
    content = Content(orjson.dumps(written | {"obligations": [*told, *written["obligations"]]}).decode())
    return PolicyAdopted(
        version=policy.version,
        framework=policy.framework,
        since=policy.effective_from,
        digest=content.digest,
        size=content.size,
        content=content.packed(),
    )


@pytest.mark.parametrize("authority", SHIPPED)
def test_what_was_adopted_before_alerts_stood_apart(authority: str) -> None:
    """Under the hash that its events name it says the same as today's file, so that nothing is proposed anew."""
    policy = SHIPPED[authority].newest
    fact = as_before_alerts(policy)
    found = opened(fact, RECORDED)
    assert same_rules(found, policy)
    assert changes(found, policy, CATALOGUE.known) == []
    assert found.digest == fact.digest != Content.of(policy, (EXTRA,)).digest


def test_an_alert_of_before_keeps_the_identity_of_its_steps() -> None:
    """What was told under the older form is not told again under what it is read as."""
    old = opened(as_before_alerts(knobs.TORBAY), RECORDED)
    life = Life("torbay", AUDIT).allocated("2026-03-02")
    life.act("audit.raise_safety_concern", "2026-03-03", "P-AUD", "auditor", concern="not safe")
    told = [fact("escalation.raised", obligation="safety_concern"), fact("notice.sent", obligation="concern_deep_dive")]
    desk = given(*life, live=True).on("2026-03-03 12:00").then(*told)
    desk.policies = Policies("torbay", (old,))
    desk.on("2026-03-03 12:00").nothing()


def test_what_no_alert_can_say_stays_an_obligation() -> None:
    """A rule of the older form whose steps stand still with a clock is read as it was written."""
    fact = as_before_alerts(knobs.TORBAY)
    data = orjson.loads(_unpacked(fact))
    data["obligations"][0]["stops_for"] = ["child missing"]
    assert with_alerts(data)["obligations"][0] == data["obligations"][0]
    assert len(with_alerts(data)["alerts"]) == len(knobs.TORBAY.alerts) - 1


def test_what_was_told_for_each_action_stays_an_obligation() -> None:
    """It had the day of its action, and others may have counted from that; an alert has none."""
    fact = as_before_alerts(knobs.TORBAY)
    data = orjson.loads(_unpacked(fact))
    data["obligations"][0] |= {"per": "action", "trigger": {"events": ["action.set"]}}
    assert with_alerts(data)["obligations"][0] == data["obligations"][0]


@pytest.mark.parametrize("change", [{"digest": "0f" * 32}, {"size": 17}, {"content": "eNqrrgUAAXUA+Q=="}])
def test_what_is_not_what_was_adopted(change: dict[str, object]) -> None:
    """Content that does not fit its hash is broken history, never another rule."""
    [fact] = taken_over(SHIPPED["torbay"])
    with pytest.raises(BrokenHistory, match="not what was adopted"):
        opened(fact.model_copy(update=change), RECORDED)


@pytest.mark.parametrize("data", ["{", "[]", "{}", '{"obligations": null}', '{"obligations": [1]}', '{"alerts": []}'])
def test_what_is_no_policy_at_all(data: str) -> None:
    """Content that fits its hash and is no policy is broken history as well, whatever it is."""
    [fact] = taken_over(SHIPPED["torbay"])
    content = Content(data)
    as_said = {"digest": content.digest, "size": content.size, "content": content.packed()}
    with pytest.raises(BrokenHistory, match="of a form that is not known"):
        opened(fact.model_copy(update=as_said), RECORDED)


def test_the_same_words_are_the_same_whatever_calendar_is_known() -> None:
    """A newer calendar of bank holidays makes no news of a version that is adopted."""
    policy = SHIPPED["torbay"].newest
    [standing] = as_adopted(SHIPPED["torbay"]).versions
    assert isinstance(standing, AdoptedPolicy)
    with knobs.one_more_bank_holiday(EXTRA):
        assert adopt(policy, [standing], policy.effective_from, EXTRA) == []


class TestBankHolidays:
    """The days are adopted with the policy."""

    def test_a_newer_calendar_moves_no_step(self) -> None:
        """Neither one that is recorded nor one to come; by rules of a file alone the one to come would move."""
        desk = after_two_requests(earlier=False)
        files = knobs.policies(knobs.TORBAY)
        desk.policies = files
        with knobs.one_more_bank_holiday(EXTRA):
            assert desk.coming(AUDIT) == [("escalation", at("2026-04-22 00:00"))]
        desk.policies = as_adopted(files)
        with knobs.one_more_bank_holiday(EXTRA):
            desk.on(NOW).nothing()
            assert desk.coming(AUDIT) == [("escalation", at("2026-04-21 00:00"))]
        assert requests(desk) == ["first_request", "second_request"]

    def test_the_next_version_counts_by_what_is_known_then(self) -> None:
        """A version that is adopted once a new bank holiday is known has it; those before it have not."""
        before, proposed = SHIPPED["torbay"].newest, SHIPPED["torbay"].newest.model_copy(update={"version": "2"})
        [standing] = as_adopted(SHIPPED["torbay"]).versions
        assert isinstance(standing, AdoptedPolicy)
        with knobs.one_more_bank_holiday(EXTRA):
            [fact] = adopt(proposed, [standing], date(2026, 3, 1), date(2026, 2, 1))
        later = opened(fact, RECORDED)
        eve, one = date(2026, 4, 17), Span.parse("1 working day")
        assert [WorkingCalendar.of(each).shift(eve, one) for each in (before, standing, later)] == [
            EXTRA,
            EXTRA,
            date(2026, 4, 21),
        ]

    def test_the_authoritys_own_closures_stay(self) -> None:
        """What the authority closes, in one year or in each, is closed beside the days that were kept."""
        plain = SHIPPED["torbay"].newest
        closures = {"closures": (date(2026, 3, 4),), "closed_each_year": (Yearly.parse("5 March to 6 March"),)}
        shut = plain.model_copy(update={"calendar": plain.calendar.model_copy(update=closures)})
        [standing] = as_adopted(Policies("torbay", (shut,))).versions
        for policy in (shut, standing):
            assert WorkingCalendar.of(policy).shift(date(2026, 3, 3), Span.parse("1 working day")) == date(2026, 3, 9)

    def test_years_of_which_none_were_kept(self) -> None:
        """Of a year beyond those that were kept, the library is asked, as ever."""
        [standing] = as_adopted(SHIPPED["torbay"]).versions
        assert not WorkingCalendar.of(standing).is_working(date(2099, 12, 25))
        assert max(holidays_known(standing.effective_from)).year < 2099


def test_a_history_from_before_goes_on_by_what_was_taken_over() -> None:
    """What was recorded before anything was adopted means the same under the same words taken over."""
    desk = after_two_requests(earlier=True)
    history = desk.history(AUDIT)
    files = knobs.policies(knobs.TORBAY)

    def dates(policies: Policies) -> list[object]:
        return [(each.name, each.due, [rung.due for rung in each.rungs]) for each in obligations(history, policies)]

    assert dates(as_adopted(files)) == dates(files)
    assert {each.envelope.policy_hash for each in history} == {""}
