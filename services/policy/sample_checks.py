"""What a policy must keep about its samples, what is odd about them, and rules that wait for what no sample asks."""

from collections.abc import Iterator

from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import unknown
from services.policy.rules import placed
from services.policy.samples import Sample

Problem = tuple[KeyPath, str]
MODERATED = "month.file_moderated"
RETURNED = "month.return_counted"
DRAWN = "sample.drawn"


def problems_of_samples(policy: Policy) -> Iterator[Problem]:
    """Each sample of an unknown type or set, one that is defined twice, and a period that only moderations have."""
    types = policy.tool.types
    for number, label in enumerate(policy.months.one_per_team):
        if label not in types:
            yield ("months", "one_per_team", number), unknown("audit type", label, policy.tool.types)
    for index, sample in enumerate(policy.samples):
        at: KeyPath = ("samples", index)
        if sample.name in [other.name for other in policy.samples[:index]]:
            yield (*at, "name"), f"the sample {sample.name} is defined twice"
        for number, label in enumerate(sample.types):
            if label not in types:
                yield (*at, "types", number), unknown("audit type", label, policy.tool.types)
        if sample.always and sample.always not in policy.grades.sets:
            yield (*at, "always"), unknown("set of grades", sample.always, policy.grades.sets)
        if sample.every != "month" and sample.of != "moderated":
            words = f"only `of: moderated` is drawn for each {sample.every}: returned audits are counted by the month"
            yield (*at, "every"), words


def doubts_of_samples(policy: Policy) -> Iterator[Problem]:
    """A draw on any day that nobody owes, one owed of what was moderated meanwhile, and one owed on several records."""
    for index, sample in enumerate(policy.samples):
        owed = [rule for rule in policy.obligations if _owes(rule, sample)]
        if sample.any_day and sample.draws and not owed:
            words = f"{sample.name} is drawn on any day, and nobody owes the draw: no rule is met by {DRAWN} of it"
            yield ("samples", index, "any_day"), words
    yield from _doubts_of_moderations(policy)
    unmoderated = [each for each in policy.samples if each.of == "unmoderated"]
    for index, rule in enumerate(policy.obligations):
        ended = MODERATED in rule.until.events if rule.until else False
        late = rule.trigger.repeat == "each" and RETURNED in rule.trigger.events and not ended
        for sample in unmoderated:
            if late and _owes(rule, sample):
                words = (
                    f"what is moderated before its draw would owe it for ever: say `until: {{events: [{MODERATED}]}}`"
                )
                yield ("obligations", index, "met_by"), words


def _doubts_of_moderations(policy: Policy) -> Iterator[Problem]:
    """One moderation is told on several records: a rule that does not say of which period starts on each of them."""
    periods = {each.every for each in policy.samples if each.of == "moderated"}
    several = len(periods) > 1 or (periods and _ends_what_is_owed(policy))
    for at, rule in placed(policy):
        if several and MODERATED in rule.trigger.events and "every" not in rule.trigger.when:
            say = f"say `when: {{every: {min(periods)}}}`"
            words = f"one moderation is told on the record of several periods, and would start it on each: {say}"
            yield (*at, "trigger", "events"), words


def _ends_what_is_owed(policy: Policy) -> bool:
    """Whether a moderation is told on the record of the month of the return as well, to end the draw owed there."""
    return any(each.of == "unmoderated" for each in policy.samples)


def _owes(rule: ObligationRule, sample: Sample) -> bool:
    return DRAWN in rule.met_by and rule.met_when.get("purpose", sample.name) == sample.name


def dead_by_samples(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    """Each condition of a rule that no sample of the policy makes true."""
    idle = {each.name for each in policy.samples if not each.draws}
    purpose = rule.trigger.when.get("purpose")
    if "audit.sampled" in rule.trigger.events and len(rule.trigger.events) == 1 and purpose in idle:
        yield ("trigger", "when", "purpose"), f"the sample {purpose} draws nothing, with neither a share nor a number"
    if rule.trigger.events == (MODERATED,):
        every = rule.trigger.when.get("every")
        periods = {each.every for each in policy.samples if each.of == "moderated"}
        if every is not None and every not in periods:
            yield ("trigger", "when", "every"), f"no sample is drawn of what was moderated in a {every}"
        elif not periods and not _ends_what_is_owed(policy):
            yield ("trigger", "events"), "no sample asks whether an audit is moderated"
