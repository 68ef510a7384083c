"""The small phrases of a policy: what is written is what is meant, and what is meant is written the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.policy.expressions import PERSONS, Addressee, Moment, Span

UNITS = st.sampled_from(["days", "working days", "weeks", "months"])
SPANS = st.builds(Span, st.integers(0, 9999), UNITS)
BASES = st.from_regex(r"[a-z][a-z0-9_.]{0,20}", fullmatch=True)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
MOMENTS = st.one_of(st.builds(Moment, BASES), st.builds(Moment, BASES, st.sampled_from([1, -1]), SPANS))
POSTS = st.builds(
    "{} {} {}".format, KEYS, st.sampled_from(["of", "over"]), st.sampled_from(["child", "auditor", "moderator"])
)
RECIPIENTS = st.one_of(KEYS, POSTS, KEYS.map("told by {}".format))


@given(span=SPANS)
def test_a_span_reads_as_it_is_written(span: Span) -> None:
    """Every span, written as a policy writes it, reads as the same span."""
    assert Span.parse(str(span)) == span


@given(moment=MOMENTS)
def test_a_moment_reads_as_it_is_written(moment: Moment) -> None:
    """Every moment, written as a policy writes it, reads as the same moment."""
    assert Moment.parse(str(moment)) == moment


@given(text=RECIPIENTS)
def test_a_recipient_reads_as_it_is_written(text: str) -> None:
    """Every recipient keeps the words in which the policy names it."""
    found = Addressee.parse(text)
    assert str(found) == text
    assert Addressee.parse(str(found)) == found


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("1 day", 1, "days"),
        ("10 days", 10, "days"),
        ("5 working days", 5, "working days"),
        ("1 month", 1, "months"),
        (" 2 weeks ", 2, "weeks"),
    ],
)
def test_spans(text: str, count: int, unit: str) -> None:
    """A span is a number and a unit, in the singular or the plural."""
    assert (Span.parse(text).count, Span.parse(text).unit) == (count, unit)


def test_the_parts_of_moments() -> None:
    """A moment is a name with a span before or after it, or the name alone."""
    assert Moment.parse("due - 1 week") == Moment("due", -1, Span(1, "weeks"))
    assert Moment.parse("audit.submitted + 5 working days") == Moment("audit.submitted", 1, Span(5, "working days"))
    assert Moment.parse("audit_return.due") == Moment("audit_return.due")


def test_the_parts_of_recipients() -> None:
    """A recipient is a person or a role, a role of somebody's team or over somebody, or all who were told before."""
    assert Addressee.parse("auditor").role in PERSONS
    post = Addressee.parse("service_manager over auditor")
    assert (post.role, post.link, post.anchor, post.told) == ("service_manager", "over", "auditor", "")
    assert Addressee.parse("told by immediate_alert").told == "immediate_alert"


@pytest.mark.parametrize(
    "text", ["", "week", "4", "four weeks", "-1 day", "4 weeks after", "4 years", "4.5 days", "99999 days"]
)
def test_what_is_no_span(text: str) -> None:
    """Anything else is refused with an example of what is wanted."""
    with pytest.raises(ValueError, match="is not a valid span: write a number and"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["", "due -1 week", "due minus 1 week", "Due", "4 weeks", "due - ", "due - week"])
def test_what_is_no_moment(text: str) -> None:
    """Anything else is refused with an example of what is wanted."""
    with pytest.raises(ValueError, match=r"is not a valid (moment|span): write"):
        Moment.parse(text)


@pytest.mark.parametrize(
    "text", ["", "Head of Service", "team manager", "manager of the child", "told by", "manager under auditor"]
)
def test_what_is_no_recipient(text: str) -> None:
    """Anything else is refused with an example of what is wanted."""
    with pytest.raises(ValueError, match="is not a valid recipient: write a role"):
        Addressee.parse(text)
