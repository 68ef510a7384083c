"""Messages by themselves: CloudEvents of the standard's own reading, whole by their schemas, and the same each time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it says nothing of its types

from events.audits import AuditSubmitted
from events.dates import local_date
from events.escalations import EscalationAcknowledged, NoticeSent, Recipient
from events.findings import SafetyConcernRaised
from events.published import audits as p_audits
from events.published.base import TYPES, Published, Term
from events.published.message import CONTENT_TYPE, SUNSET, Message, message_id, read
from events.recorded import Recorded
from projections.published.language import LANGUAGE
from projections.published.standing import Standing
from projections.published.telling import Language, telling
from tests.histories import DUE, TORBAY, allocated, history, months_of_auditing, recorded, sealed

TODAY = date(2026, 11, 22)


def told(events: list[Recorded], language: Language = LANGUAGE, stored: date = TODAY) -> Iterator[Message]:
    """Everything that is published of these events."""
    standings: dict[str, Standing] = {}
    for event in events:
        before = standings.setdefault(event.originator_id, Standing())
        yield from language.messages(event, before, stored=stored)
        before.apply(event)


MONTH = history(months_of_auditing(4))
OVERDUE = {"obligation": "action", "step": "late", "key": "X-1", "title": "Late", "kind": "notice", "recipients": ()}
CHASED = [
    NoticeSent.model_validate({**OVERDUE, "due": datetime(2026, 2, 2, 8, tzinfo=UTC)}),
    NoticeSent.model_validate({**OVERDUE, "step": "later", "due": datetime(2026, 2, 3, tzinfo=UTC)}),
    NoticeSent.model_validate({**OVERDUE, "step": "last", "due": datetime(2026, 2, 9, tzinfo=UTC)}),
]
STEP = MONTH[4 * 3 + 4].fact


def test_every_message_is_a_cloud_event() -> None:
    """The reference library reads each, with its attributes as they were meant, times in UTC and the data whole."""
    messages = list(told(MONTH))
    assert len(messages) > len(MONTH) / 2
    for each in messages:
        event = JSONFormat().read(None, each.body)
        assert isinstance(event, CloudEvent)
        body = read(each.body)
        assert event.get_id() == body["id"] == each.headers["Nats-Msg-Id"]
        assert event.get_source() == f"/sightline/{TORBAY}"
        assert event.get_specversion() == "1.0"
        assert event.get_datacontenttype() == "application/json"
        assert body["time"].endswith("Z")
        assert event.get_time() == datetime.fromisoformat(body["time"])
        assert event.get_data() == body["data"]
        assert event.get_subject() == body["data"]["record"]
        assert each.headers["Content-Type"] == CONTENT_TYPE
        assert orjson.loads(JSONFormat().write(event))["data"] == body["data"]


def test_every_message_fits_its_schema() -> None:
    """The data of each message is valid by the schema that its `dataschema` names."""
    schemas = {kind.schema_id(): kind.json_schema() for kind in TYPES.values()}
    for each in told(MONTH):
        body = read(each.body)
        schema = schemas[str(body["dataschema"])]
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(body["data"])


def test_the_identity_is_the_fact_and_the_type() -> None:
    """The id changes with the fact and with the type and with nothing else, and shows nothing of the fact's own id."""
    event = recorded(AuditSubmitted(grade="Meets Good"))
    (first,) = told([event])
    moved = replace(event, position=9, envelope=replace(event.envelope, occurred=datetime(2026, 3, 1, tzinfo=UTC)))
    (second,) = told([replace(moved, fact=AuditSubmitted(grade="Other"))])
    assert read(first.body)["id"] == read(second.body)["id"]
    other = replace(event, envelope=replace(event.envelope, event_id="another.0"))
    (third,) = told([other])
    assert read(third.body)["id"] != read(first.body)["id"]
    kinds = {message_id(TORBAY, "a.0", kind) for kind in TYPES.values()}
    assert len(kinds) == len(TYPES)
    assert event.envelope.event_id not in first.body.decode()
    assert list(told(MONTH)) == list(told(MONTH))


KEPT = (
    b'{"specversion":"1.0","id":"IDENTITY","source":"/sightline/torbay","type":"sightline.audit.returned.v1",'
    b'"subject":"audit/A-1","time":"2026-07-01T08:30:00Z","datacontenttype":"application/json",'
    b'"dataschema":"urn:sightline:schema:audit.returned:v1","recordedtime":"2026-07-01T08:30:00Z",'
    b'"reconstructed":false,"data":{"record":"audit/A-1","grade":"Good \xe2\x80\x93 \\"so\\""}}'
)


def test_a_message_stays_byte_for_byte() -> None:
    """What subscribers store and compare is written as it was on the first day, with its headers in their order."""
    event = recorded(AuditSubmitted(grade='Good – "so"'), at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    (found,) = told([event])
    assert found.body == KEPT.replace(b"IDENTITY", found.headers["Nats-Msg-Id"].encode())
    assert found.subject == "sightline.v1.torbay.audit.returned"
    assert list(found.headers) == ["Content-Type", "Nats-Msg-Id", "Sightline-Position", "Sightline-Fact"]


def test_times_are_utc_whatever_the_zone() -> None:
    """An instant of an English summer is published in UTC."""
    event = recorded(AuditSubmitted(grade=None), at=datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/London")))
    (found,) = told([event])
    assert read(found.body)["time"] == "2026-07-01T08:30:00Z"


def data(events: list[Recorded], name: str) -> list[dict[str, object]]:
    found = [read(each.body) for each in told(events)]
    return [each["data"] for each in found if each["type"] == f"sightline.{name}.v1"]


def test_grades_are_told_as_they_were_and_are() -> None:
    """A moderation tells every grade that it changed, with the one before, and nothing where it changed none."""
    changed = data(MONTH, "grade.changed")
    assert [each["record"] for each in changed] == ["audit/A-1", "audit/A-3"]
    assert changed[0]["changes"] == [
        {"section": None, "before": "Meets Good", "after": "Does Not Meet Good"},
        {"section": "plan", "before": "Meets good", "after": "Does not meet good"},
    ]
    assert len(data(MONTH, "audit.moderated")) == 4


def test_an_escalation_is_the_same_from_raised_to_resolved() -> None:
    """What is raised and what is resolved name the same escalation, and different ones different ones."""
    raised, resolved = data(MONTH, "escalation.raised"), data(MONTH, "escalation.resolved")
    assert [each["escalation"] for each in raised] == [each["escalation"] for each in resolved]
    assert len({str(each["escalation"]) for each in raised}) == len(raised) == 4
    assert raised[0]["told"] == [{"role": "Service Manager", "unit": "S-1", "person": "P-5"}]
    lost = recorded(EscalationAcknowledged(obligation="return", step="x", due=datetime(2026, 2, 2, tzinfo=UTC)))
    assert list(told([lost])) == [], "what was raised was lost with a part of the history"


def test_an_overdue_action_is_told_once_for_its_date() -> None:
    """The first notice after the day of an open action tells that it is overdue: none on the day, and no second."""
    facts = [fact for about, fact in months_of_auditing(1)]
    until_set = facts[: [type(each).__name__ for each in facts].index("ActionSet") + 1]
    events = history([*until_set, *CHASED])
    expected = {"record": "audit/A-1", "action": "X-1", "owners": ["P-9"], "due": DUE.isoformat()}
    assert data(events, "action.overdue") == [expected]
    done = history([*facts, *CHASED])
    assert data(done, "action.overdue") == []


def test_a_concern_is_told_without_its_words() -> None:
    """A safety concern and the marks of a return are told with their kinds."""
    marked = AuditSubmitted(grade=None, immediate_concern=True, significant_concern=True)
    events = history([allocated(), SafetyConcernRaised(concern=sealed("the words")), marked])
    assert [each["kinds"] for each in data(events, "concern.raised")] == [["safety"], ["immediate", "significant"]]


def test_a_notice_names_posts_and_no_person() -> None:
    """Who held the post that was told stays inside."""
    sent = CHASED[0].model_copy(update={"recipients": (Recipient(asked="a", role="director", holder="P-DIR"),)})
    (found,) = told(history([sent]))
    assert read(found.body)["data"]["told"] == [{"role": "director", "unit": None}]
    assert "P-DIR" not in found.body.decode()


class ReturnedAnew(Published):
    """The auditor returned it: a second version, in which a meaning has changed."""

    name = "audit.returned"
    major = 2
    grades: tuple[Term, ...]

    def sentence(self) -> str:
        return "Returned."


class ReturnedBefore(p_audits.AuditReturned):
    """The first version, once it is retired."""

    sunset = date(2026, 11, 22)


del TYPES["audit.returned", 2]


def _anew(fact: AuditSubmitted, event: Recorded, _: Standing) -> ReturnedAnew:
    return ReturnedAnew(record=event.originator_id, grades=(fact.grade or "none",))


def _before(fact: AuditSubmitted, event: Recorded, _: Standing) -> ReturnedBefore:
    return ReturnedBefore(record=event.originator_id, grade=fact.grade)


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=1)])
def test_a_retired_version_is_published_beside_the_new_one_until_its_day(late: timedelta) -> None:
    """Until the end of its last day both tell of a fact, on subjects and under ids of their own; then the new alone."""
    both = Language(
        [
            telling(ReturnedBefore, AuditSubmitted, _before),
            telling(ReturnedAnew, AuditSubmitted, _anew),
        ]
    )
    stored = datetime(2026, 11, 22, 23, 30, tzinfo=UTC) + late
    found = list(told([recorded(AuditSubmitted(grade="Good"))], both, local_date(stored)))
    retired = ["sightline.v1.torbay.audit.returned"] if not late else []
    assert [each.subject for each in found] == [*retired, "sightline.v2.torbay.audit.returned"]
    assert [each.headers.get(SUNSET) for each in found] == [*(["2026-11-22"] if not late else []), None]
    assert len({str(read(each.body)["id"]) for each in found}) == len(found)
