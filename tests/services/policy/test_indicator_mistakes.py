"""Mistakes in a policy's indicators: each is refused with its file and line, the key, and the rule that it breaks."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited
from tests.services.policy.mistakes import Mistake

SEEN = "    title: Children seen alone\n"
FIRST = "  - name: audited_risk_identified\n"
MAPPED = "counted: {mapped: Risk identified, grades: &good [Exceeds good, Meets good]}"


def of_seen_alone(name: str, setting: str, key: str, rule: str) -> Mistake:
    return Mistake(name, SEEN, f"{SEEN}    {setting}\n", setting, f"indicators.1.{key}", rule)


def of_counted(name: str, counted: str, key: str, rule: str) -> Mistake:
    return Mistake(name, MAPPED, f"counted: {counted}", f"counted: {counted}", f"indicators.5.{key}", rule)


GRADES = "grades: &good [Exceeds good, Meets good]"
MISTAKES = [
    Mistake(
        "an indicator twice",
        "- name: seen_alone",
        "- name: visits_on_time",
        "- name: visits_on_time\n    title: Children seen",
        "indicators.1.name",
        "the indicator visits_on_time is defined twice",
    ),
    Mistake(
        "an unknown unit",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    unit: per cent\n",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    unit: furlongs\n",
        "unit: furlongs",
        "indicators.1.unit",
        "write 'per cent', 'rate', 'count', 'days' or 'pounds'",
    ),
    Mistake(
        "a target without a unit",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    unit: per cent\n",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    target: 95\n",
        "target: 95",
        "indicators.1.target",
        "a target needs a unit",
    ),
    Mistake(
        "an unknown direction",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    unit: per cent\n    better: higher\n",
        f"{SEEN}    source: [TOR-155, TOR-122, TOR-160]\n    basket: *voice\n    unit: per cent\n    better: more\n",
        "better: more",
        "indicators.1.better",
        "write 'higher', 'lower' or 'neither'",
    ),
    of_seen_alone("a target that is not a valid number", "target: high", "target", "write a number"),
    of_seen_alone("a share over the whole", "target: 105", "target", "105 per cent is not a valid share"),
    of_seen_alone("a share per so many", "per: 10000", "per", "only a rate is per so many"),
    of_seen_alone("an unknown key", "colour: red", "colour", "no such key"),
    of_seen_alone("a window that is none", "window: always", "window", "'always' is not a valid span"),
    of_seen_alone("a window of no length", "window: 0 months", "window", "a window of no length holds nothing"),
    of_seen_alone("an unknown level", "levels: [county]", "levels.0", "write 'authority', 'service'"),
    of_seen_alone("a level twice", "levels: [team, team]", "levels.1", "team stands twice"),
    of_seen_alone("a part twice", "parts: [boys, boys]", "parts.1", "boys stands twice"),
    Mistake(
        "parts and open parts",
        SEEN,
        f"{SEEN}    parts: [boys, girls]\n    open_parts: true\n",
        "open_parts: true",
        "indicators.1.open_parts",
        "the parts are named here, or by the authority",
    ),
    Mistake(
        "a comparator twice",
        "compared_with: &all [england, region,",
        "compared_with: &all [england, england, region,",
        "compared_with: &all",
        "indicators.0.compared_with.1",
        "england stands twice",
    ),
    of_counted(
        "an unknown grade", "{mapped: Risk identified, grades: &good [Fine]}", "counted.grades.0", "unknown grade"
    ),
    of_counted("an unknown section", f"{{sections: [Risks], {GRADES}}}", "counted.sections.0", "unknown section Risks"),
    of_counted("nothing mapped", f"{{mapped: Weather, {GRADES}}}", "counted.mapped", "Weather is not in tool"),
    of_counted("two ways at once", f"{{mapped: Risk identified, overall: true, {GRADES}}}", "counted", "say one of"),
    of_counted("no way at all", f"{{{GRADES}}}", "counted", "say one of `sections`"),
    of_counted(
        "an unknown type",
        f"{{mapped: Risk identified, types: [deep dive], {GRADES}}}",
        "counted.types.0",
        "unknown type",
    ),
    Mistake(
        "counted and not from the audits",
        f"    from: [audits]\n    {MAPPED}",
        f"    from: [local]\n    {MAPPED}",
        MAPPED,
        "indicators.5.counted",
        "what is counted from the audits comes `from` the audits",
    ),
    Mistake(
        "a count from the audits",
        f"    unit: per cent\n    better: higher\n    from: [audits]\n    {MAPPED}",
        f"    unit: count\n    better: higher\n    from: [audits]\n    {MAPPED}",
        "unit: count",
        "indicators.5.unit",
        "what is counted from the audits is a share",
    ),
    Mistake(
        "a window in weeks",
        f"    from: [audits]\n    {MAPPED}",
        f"    from: [audits]\n    window: 6 weeks\n    {MAPPED}",
        "window: 6 weeks",
        "indicators.5.window",
        "what is counted from the audits looks back over whole months",
    ),
    Mistake(
        "parts of what is counted",
        f"    from: [audits]\n    {MAPPED}",
        f"    from: [audits]\n    open_parts: true\n    {MAPPED}",
        MAPPED,
        "indicators.5.counted",
        "what is counted from the audits has no parts",
    ),
    Mistake(
        "from the audits, but how",
        f"    from: [audits]\n    {MAPPED}\n",
        "    from: [audits]\n    compared_with: [target]\n    parts: &good [Exceeds good, Meets good]\n",
        "    from: [audits]\n    compared",
        "indicators.5.from",
        "what comes from the audits alone needs `counted`",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.id)
def test_a_mistake_is_named(mistake: Mistake, tmp_path: Path) -> None:
    """Each mistake is refused with the file and line where it stands, the key, and the rule."""
    text = edited("torbay", (mistake.old, mistake.new))
    path = tmp_path / "torbay.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = check(path)
    found = [problem for problem in problems if problem.key == mistake.key]
    assert found, [str(problem) for problem in problems]
    assert found[0].where == f"{path}:{text[: text.index(mistake.mark)].count(chr(10)) + 1}"
    assert found[0].rule.startswith(mistake.rule)
