"""What the timeline tells, and that it has a sentence for every fact there is."""

import re
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import Engine

from events.audits import AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.commands import ActRefused, CommandNamed
from events.escalations import LAPSED, RESOLVED, EscalationResolved, NoticeLapsed
from events.findings import OUTCOMES, SOURCES, FeedbackOutcome, FeedbackRecorded, FeedbackSource
from projections.sealed_fields import sealed_fields
from projections.timeline import aggregate_timeline, audit_timeline, child_timeline
from tests.contracts import SHIPPED_CONTRACTS
from tests.histories import START, TORBAY, allocated, history, recorded, sealed
from tests.projections.samples import SAMPLES
from tests.projections.views import EVENTS, kept


def test_every_fact_has_a_sample() -> None:
    """Every contract that a view shows has a sample, whose sentence is read here."""
    assert {type(fact) for fact in SAMPLES} == set(SHIPPED_CONTRACTS) - {CommandNamed}


def test_what_keeps_an_id_from_others_is_not_shown(sqlite: Engine) -> None:
    """That a command's id is taken is no row of a timeline: the act itself is."""
    kept(sqlite, "timeline", history([allocated(), ("command/0a1b", CommandNamed(record="audit/A-1"))]))
    assert len(audit_timeline(sqlite, TORBAY, "A-1")) == 1
    assert not aggregate_timeline(sqlite, TORBAY, "command/0a1b")


def test_every_word_of_a_contract_has_words() -> None:
    """The words for closed lists of values are complete, so that no value can halt a timeline."""
    assert set(SOURCES) == set(get_args(FeedbackSource))
    assert set(OUTCOMES) == set(get_args(FeedbackOutcome))
    assert set(LAPSED) == set(get_args(NoticeLapsed.model_fields["reason"].annotation))
    assert set(RESOLVED) == set(get_args(EscalationResolved.model_fields["how"].annotation))


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: fact.stored_name)
def test_sentence_is_plain(fact: Fact) -> None:
    """A sentence is one line that begins with a capital and ends with a full stop, with nothing sealed in it."""
    said = fact.sentence()
    assert said.endswith(".")
    assert said[:1].isupper() or not said[:1].islower()
    assert "sealed:" not in said
    assert "\n" not in said
    assert "None" not in said


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: fact.stored_name)
def test_sealed_fields_are_listed(fact: Fact) -> None:
    """Every sealed text of a fact is listed under the name of its field, and nothing else is: an address is no text."""
    body = fact.model_dump(exclude={"address"})
    found = {name: text for name, text in body.items() if isinstance(text, str) and text.startswith("sealed:")}
    answers = body.get("answers", ())
    found |= {f"answers: {each['question']}": each["text"] for each in answers if each["text"]}
    assert sealed_fields(fact) == found


def test_each_contract_says_something_of_its_own() -> None:
    """No two contracts tell the same, whatever numbers and names are in them; each tells it in several words."""
    said: dict[str, str] = {}
    for fact in SAMPLES:
        plain = re.sub(r"“[^”]*”|\S*\d\S*", "…", fact.sentence())
        assert len(plain.split()) >= 3, plain
        assert said.setdefault(plain, fact.stored_name) == fact.stored_name, plain


def test_words() -> None:
    """The sentences that a board will read most."""
    assert allocated(reaudit_of="A-0").sentence() == (
        "Audit (full) of the file of child C-1 in team T-1 was given to auditor P-2, due 2 February 2026, "
        "a re-audit of A-0."
    )
    changed = AuditModerated(
        moderator="P-3", outcome="changed", grade="Inadequate", sections={"plan": "Good"}, rationale=sealed()
    )
    assert changed.sentence() == (
        "Moderator P-3 changed the grading; the audit stands with the grade “Inadequate”; "
        "sections changed: “plan” to “Good”."
    )
    unsafe = AuditSubmitted(grade="Inadequate", bottom_lines_unmet=("visits",), immediate_concern=True)
    assert unsafe.sentence() == (
        "The auditor returned the audit with the grade “Inadequate”; bottom lines unmet: visits; "
        "an immediate concern was marked."
    )
    assert FeedbackRecorded(source="child", outcome="obtained").sentence() == "Feedback of the child was obtained."


def test_audit_in_order_of_happening(sqlite: Engine) -> None:
    """What was recorded later but happened earlier stands where it happened, with both times."""
    facts = history([allocated(), AuditSubmitted(grade="Good")])
    early = recorded(
        ActRefused(act="moderate", rule="own audit"),
        at=START + timedelta(minutes=30),
        recorded_at=START + timedelta(days=9),
        version=3,
        position=3,
        actor="P-7",
        role="Auditor",
    )
    entries = audit_timeline(kept(sqlite, "timeline", [*facts, early]), TORBAY, "A-1")
    assert [each.version for each in entries] == [1, 3, 2]
    middle = entries[1]
    assert (middle.actor, middle.role, middle.stored_name) == ("P-7", "Auditor", "audit.act_refused.v1")
    assert (middle.occurred, middle.recorded) == (START + timedelta(minutes=30), START + timedelta(days=9))
    assert middle.sentence == "Refused: “moderate”, by the rule “own audit”."
    assert middle.sealed == {}
    assert entries[0].sealed == {"child_number": sealed("number")}


@pytest.mark.covers("TOR-40", "A-ALL-12")
def test_child_through_its_audits(sqlite: Engine) -> None:
    """A child's timeline holds every event of all its audits and none of another child's."""
    kept(sqlite, "timeline", EVENTS)
    entries = child_timeline(sqlite, TORBAY, "C-1")
    assert {entry.audit for entry in entries} == {"A-2", "A-3"}
    assert len(entries) == 24
    assert [entry.position for entry in entries] == sorted(entry.position for entry in entries)
    assert child_timeline(sqlite, "halton", "C-1") == child_timeline(sqlite, TORBAY, "C-404") == []


def test_every_fact_goes_in_and_comes_out(engine: Engine) -> None:
    """Every kind of fact can be kept and told again, whatever aggregate it is about."""
    facts = [(f"thing/T-{number}", fact) for number, fact in enumerate(SAMPLES)]
    kept(engine, "timeline", history(facts))
    for number, fact in enumerate(SAMPLES):
        (entry,) = aggregate_timeline(engine, TORBAY, f"thing/T-{number}")
        assert (entry.sentence, entry.sealed, entry.audit) == (fact.sentence(), sealed_fields(fact), None)


def test_void_stays_visible(sqlite: Engine) -> None:
    """A void audit keeps its story, with the reason listed as sealed."""
    kept(sqlite, "timeline", history([allocated(), AuditVoided(reason=sealed("by mistake"))]))
    assert audit_timeline(sqlite, TORBAY, "A-1")[1].sealed == {"reason": sealed("by mistake")}
