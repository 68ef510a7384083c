"""What a policy file is beside what was adopted: the rules that decide, rules that did or will, or a proposal."""

from collections.abc import Sequence
from datetime import date

from services.clock import day_in_words
from services.policy.adopted import AdoptedPolicy, same_rules
from services.policy.describe.changes import changes
from services.policy.known import Known
from services.policy.model import Policy
from services.policy.versions import Policies


def standing_of(proposed: Policy, adopted: Sequence[AdoptedPolicy], today: date, known: Known) -> str:
    """In a line: whether the file is adopted, since when, or proposed, beside what, and in how many clauses it differs.

    `adopted` is what the authority's history has adopted, oldest first by the day from which it is in force.
    """
    if not adopted:
        return "proposed: nothing is adopted yet, and the files decide until the first start takes them over"
    named = next((each for each in adopted if each.version == proposed.version), None)
    if named is not None and same_rules(proposed, named):
        return f"adopted: version {named.version} {_in_force(named, adopted, today)}"
    stands = named or Policies(proposed.authority, tuple(adopted)).in_force(today)
    same_head = {"version": stands.version, "effective_from": stands.effective_from}
    differ = _differences(stands, proposed.model_copy(update=same_head), known)
    told = f"proposed, not adopted: version {stands.version} {_in_force(stands, adopted, today)}; {differ}"
    return f"{told}, so that these words need a version of their own" if named is not None else told


def _differences(stands: Policy, proposed: Policy, known: Known) -> str:
    """In how many clauses two versions differ, in words; they may differ in what no clause tells, as in an order."""
    if same_rules(stands, proposed):
        return "no clause differs"
    count = len(changes(stands, proposed, known))
    if not count:
        return "only what no clause tells differs"
    return f"{count} {'clause differs' if count == 1 else 'clauses differ'}"


def _in_force(policy: Policy, adopted: Sequence[Policy], today: date) -> str:
    """When it decides: from its day to the day before the next one's."""
    since = policy.effective_from
    if since > today:
        return f"is adopted, and will be in force from {day_in_words(since)}"
    after = min((each.effective_from for each in adopted if since < each.effective_from <= today), default=None)
    if after is not None:
        return f"was in force from {day_in_words(since)} until another took its place on {day_in_words(after)}"
    return f"has been in force since {day_in_words(since)}"
