"""Policies as they are read from a folder: shipped ones are sound, and each day has one version in force."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import NotFound, PolicyError
from services import kept, policy_files
from services.policy import yaml_positions
from services.policy.known import Known
from services.policy.model import Policy
from services.policy.versions import Policies
from services.policy.written import policies_in, written_at
from services.policy_files import check, load, load_folder
from services.settings import SHIPPED_POLICIES
from tests.edited import edited, new_version, policies_of

SHIPPED = policies_in(SHIPPED_POLICIES)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_sound(path: Path) -> None:
    """Every shipped policy keeps every rule, and its file carries the name of its authority."""
    policy, problems = check(path)
    assert problems == []
    assert policy is not None
    assert policy.authority == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_policy_reads_as_it_is_written(path: Path) -> None:
    """A policy written out as data and read again is the same policy."""
    policy = load(path)
    assert Policy.model_validate(policy.model_dump(mode="json")) == policy


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_obligation_says_where_it_comes_from(path: Path) -> None:
    """Each obligation names the requirement or the reading that it comes from."""
    prefixes = ("TOR-", "HAL-", "SOU-", "ESX-", "SWI-", "A-")
    assert all(source.startswith(prefixes) for rule in load(path).obligations for source in rule.source)


@pytest.mark.covers("A-HAL-10", "HAL-63")
def test_silence_is_an_empty_ladder() -> None:
    """Where a framework states no chasing, nobody is chased: late audits and moderations of Halton have no ladder."""
    rules = {rule.name: rule for rule in load(SHIPPED_POLICIES / "halton").obligations}
    assert rules["audit_return"].ladder == rules["moderation"].ladder == ()


@pytest.mark.covers("A-ALL-03", "A-ALL-04", "TOR-49", "HAL-27", "HAL-28", "A-TOR-11")
def test_readings_that_every_date_hangs_on() -> None:
    """Dates do not roll and notices go at eight; the scales are the frameworks' own, best first."""
    torbay, halton = load(SHIPPED_POLICIES / "torbay"), load(SHIPPED_POLICIES / "halton")
    for policy in (torbay, halton):
        assert (policy.calendar.roll_non_working, policy.calendar.notice_hour) == ("none", time(8))
    assert torbay.grades.overall[0] == "Exceeds Good"
    assert torbay.grade_set("lowest") == {torbay.grades.overall[-1]}
    assert torbay.grades.not_applicable == "Not applicable"
    assert halton.grades.overall == ("Outstanding", "Good", "Requires improvement to get to Good", "Inadequate")
    assert halton.grades.not_applicable is None


def three(folder: Path) -> list[tuple[str, date]]:
    policies = policies_of(folder, "torbay", new_version("3", "2026-09-01"), [], new_version("2", "2026-03-01"))
    return [(each.version, each.effective_from) for each in policies.versions]


@pytest.mark.covers("A-ALL-11")
def test_versions_stand_in_the_order_of_their_days(tmp_path: Path) -> None:
    """Whatever the names of the files, versions stand oldest first."""
    assert [version for version, _ in three(tmp_path)] == ["1", "2", "3"]


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Policies:
    return policies_of(tmp_path_factory.mktemp("policies"), "torbay", [], new_version("2", "2026-03-01"))


@pytest.mark.covers("A-ALL-11")
@given(day=st.dates(date(2018, 1, 1), date(2028, 1, 1)))
def test_one_version_is_in_force_on_each_day(two_versions: Policies, day: date) -> None:
    """The version in force is the last that has begun by then; before all of them, the first."""
    assert two_versions.in_force(day).version == ("2" if day >= date(2026, 3, 1) else "1")
    assert two_versions.newest.version == "2"


def test_a_version_is_found_by_its_name(tmp_path: Path) -> None:
    """The version that an event was judged by is found, and one that is no longer there is an error that says so."""
    policies = policies_of(tmp_path, "torbay", [], new_version("2", "2026-03-01"))
    assert policies.version("1").effective_from == date(2020, 1, 1)
    with pytest.raises(NotFound, match="policy of torbay, version 9"):
        policies.version("9")


def test_a_version_given_twice(tmp_path: Path) -> None:
    """Two files with one version are refused, naming the line and the other file."""
    with pytest.raises(PolicyError) as caught:
        policies_of(tmp_path, "torbay", [], [("effective_from: 2020-01-01", "effective_from: 2026-01-01")])
    assert caught.value.where == f"{tmp_path / 'torbay-2.yaml'}:4"
    assert (caught.value.key, caught.value.rule) == ("version", "1 is also in torbay-1.yaml")


def test_two_versions_of_one_day(tmp_path: Path) -> None:
    """Two versions that begin on one day are refused: no day could tell which is meant."""
    with pytest.raises(PolicyError) as caught:
        policies_of(tmp_path, "torbay", [], [('version: "1"', 'version: "2"')])
    assert caught.value.where == f"{tmp_path / 'torbay-2.yaml'}:5"
    assert (caught.value.key, caught.value.rule) == ("effective_from", "version 1 starts on the same day")


def test_authorities_of_one_folder(tmp_path: Path) -> None:
    """A folder may hold several authorities, each with its own versions."""
    for authority in ("torbay", "halton"):
        (tmp_path / f"{authority}.yaml").write_text(edited(authority), encoding="utf-8")
    assert list(load_folder(tmp_path)) == ["halton", "torbay"]


def test_an_empty_folder(tmp_path: Path) -> None:
    """A folder without a policy is refused."""
    with pytest.raises(PolicyError, match="it holds no policy"):
        load_folder(tmp_path)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "the file cannot be read"),
        (b"a: \x07", "the file cannot be read"),
        (b"just words", "write keys with their values"),
        (b"a: [&x [*x]]", "a part of the file contains itself"),
        (b"[" * 50_000, "a part of the file contains itself"),
    ],
)
def test_a_file_that_holds_no_policy(tmp_path: Path, content: bytes, rule: str) -> None:
    """An empty file, one that is no text, and one that holds something else are refused with one line each."""
    path = tmp_path / "torbay.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load(path)
    assert caught.value.rule.startswith(rule)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_is_made_sense_of_once(tmp_path: Path) -> None:
    """A file that stays as it is gives the policy that it gave; one that was edited is read as it is now."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay"), encoding="utf-8")
    before = load(path)
    assert load(path) is before
    path.write_text(edited("torbay", ('notice_hour: "08:00"', 'notice_hour: "08:30"')), encoding="utf-8")
    assert load(path).calendar.notice_hour == time(8, 30)
    path.write_text("authority: torbay", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PolicyError):
            load(path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_both_readers_of_yaml_say_the_same(path: Path) -> None:
    """What the quick reader makes of a framework, with the line of every key, is what the plain one makes of it."""
    text = written_at(path).text
    assert yaml_positions._read(yaml_positions._Quick(text), path) == yaml_positions._read(
        yaml_positions._Plain(text), path
    )


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    """A file that is not there is refused by name."""
    with pytest.raises(PolicyError, match="the file cannot be read"):
        load(tmp_path / "none.yaml")


def test_words_stay_words(tmp_path: Path) -> None:
    """`on`, `no` and an hour are read as they stand, unlike in older YAML."""
    path = tmp_path / "torbay.yaml"
    text = edited(
        "torbay", ('notice_hour: "08:00"', "notice_hour: 08:30"), ("    - Children with disability", "    - no")
    )
    path.write_text(text, encoding="utf-8")
    policy = load(path)
    assert policy.calendar.notice_hour == time(8, 30)
    assert policy.tool.strands[2] == "no"


@pytest.fixture
def kept_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for what is kept, and processes that have read nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "sightline"


def afresh(path: Path) -> Policy:
    """As another process reads it."""
    policy_files._load.cache_clear()
    return load(path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_was_kept_of_a_policy_is_the_policy(path: Path, kept_at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next process has the same policy, of the same file, without reading any YAML."""
    policy = afresh(path)
    assert len(list(kept_at.iterdir())) == 1
    monkeypatch.setattr(policy_files, "content_of", None)
    again = afresh(path)
    assert again == policy
    assert repr(again) == repr(policy)  # to the type of every value


def test_an_edited_file_is_another_policy(kept_at: Path, tmp_path: Path) -> None:
    """What was kept of a text says nothing of another one; one that breaks a rule is refused each time."""
    path = tmp_path / "torbay.yaml"
    text = edited("torbay")
    path.write_text(text, encoding="utf-8")
    assert afresh(path).calendar.notice_hour == time(8)
    path.write_text(text.replace('notice_hour: "08:00"', 'notice_hour: "09:00"'), encoding="utf-8")
    assert afresh(path).calendar.notice_hour == time(9)
    kept_of_two = set(kept_at.iterdir())
    path.write_text(text.replace('notice_hour: "08:00"', 'notice_hour: "25:00"'), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PolicyError, match="notice_hour"):
            afresh(path)
    assert set(kept_at.iterdir()) == kept_of_two


def test_of_another_program_nothing_is_believed(kept_at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a file of the program is another, and where what was kept is no policy, the file is read."""
    path = SHIPPED_POLICIES / "halton"
    policy = afresh(path)
    with monkeypatch.context() as patched:
        patched.setattr(kept, "recall", lambda _: b'{"authority": "halton"}')
        assert afresh(path) == policy
    monkeypatch.setattr(kept, "program", lambda *_: "another")
    monkeypatch.setattr(policy_files, "content_of", None)
    with pytest.raises(TypeError):
        afresh(path)
    assert kept_at.exists()


def test_parts_of_ones_own_are_asked_each_time(kept_at: Path) -> None:
    """A policy that is checked against other parts of the domain than the program's is kept for nobody."""
    path = SHIPPED_POLICIES / "halton"
    with pytest.raises(PolicyError):
        load(path, Known({}, frozenset()))
    assert not kept_at.exists()
