"""What becomes of a version that somebody proposes to adopt, beside those that were adopted before."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from events.errors import Refused
from services.adoption.decisions import adopt, holidays_known, taken_over
from services.adoption.state import Adoptions
from services.policy.adopted import RECORD, AdoptedPolicy, opened
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.histories import history

FILE = SHIPPED["torbay"].newest
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SECOND = FILE.model_copy(update={"version": "2"})


def standing() -> Sequence[AdoptedPolicy]:
    """What the first start took over, and a second version from May on."""
    first = [opened(each, AT) for each in taken_over(SHIPPED["torbay"])]
    return [*first, *(opened(each, AT) for each in adopt(SECOND, first, date(2026, 5, 1), TODAY))]


def test_a_new_version_is_adopted_whole() -> None:
    """It is recorded with its words and the bank holidays of its days, once; given again it decides nothing."""
    [adopted] = adopt(SECOND, standing()[:1], date(2026, 3, 2), TODAY)
    assert (adopted.version, adopted.framework, adopted.since) == ("2", FILE.framework, date(2026, 3, 2))
    assert not adopted.taken_over
    found = opened(adopted, AT)
    assert (found.version, found.effective_from) == ("2", date(2026, 3, 2))
    assert adopt(SECOND, [*standing()[:1], found], date(2026, 3, 2), TODAY) == []
    assert adopt(SECOND, [*standing()[:1], found], date(2026, 3, 2), date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("edit", "since", "said"),
    [
        ({"version": "3"}, "2026-03-01", "from: 2026-03-01 has passed: what was decided since stays"),
        ({"version": "3"}, "2026-04-30", "from: 2026-04-30 is not after 2026-05-01, from which another version is"),
        ({"version": "3"}, "2026-05-01", "from: 2026-05-01 is not after 2026-05-01, from which another version is"),
        ({}, "2026-05-02", "from: version 2 is adopted from 2026-05-01 on already"),
        ({"fallback": "director"}, "2026-05-01", "version: 2 was adopted with other words; give these a version of"),
    ],
)
def test_what_would_change_what_was_decided_is_refused(edit: dict[str, object], since: str, said: str) -> None:
    """No day that has passed, none before another version's, and no other words or day under a name that is taken."""
    with pytest.raises(Refused) as refused:
        adopt(SECOND.model_copy(update=edit), standing(), date.fromisoformat(since), TODAY)
    assert str(refused.value).startswith(said)


def test_of_nothing_the_first_day_is_today() -> None:
    """Where nothing was adopted, a version may begin on the very day, and the day after the last one begins."""
    assert adopt(SECOND, [], TODAY, TODAY)[0].since == TODAY
    third = FILE.model_copy(update={"version": "3"})
    assert adopt(third, standing(), date(2026, 5, 2), TODAY)[0].since == date(2026, 5, 2)


def test_bank_holidays_are_kept_for_the_years_that_are_known() -> None:
    """From the first year of any record, or the one in which the version begins, ten and more years ahead."""
    days = holidays_known(date(2026, 3, 2))
    assert list(days) == sorted(days)
    assert {date(2026, 4, 3), date(2026, 12, 25)} <= set(days)
    assert holidays_known(date(1990, 1, 1))[0].year == 1990
    assert holidays_known(date(2026, 1, 1))[-1].year < holidays_known(date(2030, 1, 1))[-1].year


def test_an_adoption_names_what_is_in_force_on_a_day_as_its_policies_do() -> None:
    """Before the first version, on the last day of one, on the first of the next, and between: without reading them."""
    first = taken_over(SHIPPED["torbay"])
    facts = [*first, *adopt(SECOND, [opened(each, AT) for each in first], date(2026, 5, 1), TODAY)]
    adoptions = Adoptions.of(history((RECORD, each) for each in facts))
    policies = Policies("torbay", adoptions.versions())
    days = (date(1990, 1, 1), *(each.since + timedelta(days) for each in facts for days in (-1, 0, 1)))
    assert {policies.named_on(each).version for each in days} == {FILE.version, "2"}
    assert [adoptions.named_on(each) for each in days] == [policies.named_on(each) for each in days]
    assert Adoptions().named_on(TODAY) is None
