"""A policy in parts: a folder of files that say together what one file would, each key in one of them."""

import re
import shutil
from pathlib import Path

import pytest

from events.errors import PolicyError
from services.adoption.decisions import holidays_known
from services.policy.adopted import Content
from services.policy.written import policies_in, written_at
from services.policy_files import check, doubts, load, load_folder
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program
from tests.desks import SHIPPED
from tests.edited import edited

LONGEST = 500
"""Lines of a part: it is read by whoever answers for what it says."""


@pytest.fixture
def torbay(tmp_path: Path) -> Path:
    """Torbay's parts in a folder that may be changed."""
    return shutil.copytree(SHIPPED_POLICIES / "torbay", tmp_path / "policies" / "torbay")


def change(part: Path, old: str, new: str) -> int:
    """The line at which the part is changed."""
    text = part.read_text(encoding="utf-8")
    assert text.count(old) == 1
    part.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("authority", SHIPPED)
def test_parts_say_what_one_file_says(authority: str, tmp_path: Path) -> None:
    """What would be adopted of the parts is, to the hash, what would be adopted of one file."""
    one = tmp_path / f"{authority}.yaml"
    one.write_text(edited(authority), encoding="utf-8")
    parts, whole = load(SHIPPED_POLICIES / authority), load(one)
    days = holidays_known(parts.effective_from)
    assert Content.of(parts, days).digest == Content.of(whole, days).digest


@pytest.mark.parametrize("path", policies_in(SHIPPED_POLICIES), ids=lambda path: path.name)
def test_each_part_can_be_read_in_one_sitting(path: Path) -> None:
    """What ships is in parts, and none of them is long."""
    lengths = {each.name: text.count("\n") for each, text in zip(*_texts(path), strict=True)}
    assert len(lengths) > 1
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def _texts(path: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    written = written_at(path)
    return written.files, written.texts


def test_a_mistake_names_the_part_and_its_line(torbay: Path) -> None:
    """Whatever the part, its own line is told."""
    line = change(torbay / "alerts.yaml", "to: [told by immediate_alert]", "to: [told by alarm]")
    [problem] = check(torbay)[1]
    assert problem.where == f"{torbay / 'alerts.yaml'}:{line}"
    line = change(torbay / "framework.yaml", "roles:\n", "fallback: nobody\nroles:\n")
    assert f"{torbay / 'framework.yaml'}:{line}" in {each.where for each in check(torbay)[1]}


def test_a_doubt_names_the_part_and_its_line(torbay: Path) -> None:
    """What is odd is told part by part."""
    change(torbay / "alerts.yaml", "title: Correction of the immediate alert", 'title: "fill in: words"')
    change(torbay / "framework.yaml", "  obligations.second_tier_moderation:", "  obligations.second:")
    places = [each.where.rpartition(":")[0] for each in doubts(torbay)]
    assert places == sorted(places)
    assert {Path(each).name for each in places} >= {"alerts.yaml", "framework.yaml"}


def test_what_is_lacking_altogether_is_said_of_the_folder(torbay: Path) -> None:
    """A key that no part holds stands in none of them."""
    change(torbay / "form.yaml", "grades:", "called:")
    assert {each.where for each in check(torbay)[1] if each.key == "grades"} == {str(torbay)}


def test_a_key_in_two_parts(torbay: Path) -> None:
    """It is refused where it stands again, and both parts are named."""
    form = torbay / "form.yaml"
    form.write_text(f"{form.read_text(encoding='utf-8')}\nacts: {{}}\n", encoding="utf-8")
    [problem] = check(torbay)[1]
    lines = form.read_text(encoding="utf-8").count("\n")
    assert (problem.where, problem.key) == (f"{form}:{lines}", "acts")
    assert problem.rule == "it stands in acts.yaml as well: say it in one part"


def test_what_is_no_part(torbay: Path, tmp_path: Path) -> None:
    """A part holds keys, and a folder holds parts."""
    (torbay / "acts.yaml").write_text("- a list\n", encoding="utf-8")
    assert [str(each) for each in check(torbay)[1]] == [
        f"{torbay / 'acts.yaml'}:1: (file): a part of a policy holds keys, each with what it says"
    ]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PolicyError, match="holds no part of a policy"):
        load(tmp_path / "empty")


def test_a_folder_of_policies_holds_both(torbay: Path) -> None:
    """A single file stands beside a folder of parts; a version that both hold is refused, naming the other."""
    folder = torbay.parent
    (folder / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    assert set(load_folder(folder)) == {"halton", "torbay"}
    (folder / "torbay-2.yaml").write_text(edited("torbay"), encoding="utf-8")
    with pytest.raises(PolicyError, match="1 is also in torbay") as caught:
        load_folder(folder)
    assert caught.value.where.startswith(f"{folder / 'torbay-2.yaml'}:")


def test_what_a_mount_or_an_editor_keeps_beside_is_no_policy(torbay: Path) -> None:
    """A mounted folder holds hidden copies that its names point to, an editor a hidden link for what it has open."""
    folder, kept = torbay.parent, torbay.parent / "..2026"
    kept.mkdir()
    (kept / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    (folder / "..data").symlink_to("..2026")
    (folder / "halton.yaml").symlink_to("..data/halton.yaml")
    (torbay / ".#acts.yaml").symlink_to("somebody@somewhere")
    assert policies_in(folder) == [folder / "halton.yaml", torbay]
    assert set(load_folder(folder)) == {"halton", "torbay"}


def test_a_folder_is_one_policy_whatever_it_is_called(torbay: Path) -> None:
    """One whose name ends like a file's is read once."""
    torbay.rename(torbay.with_name("torbay.yaml"))
    assert set(load_folder(torbay.parent)) == {"torbay"}


def test_a_part_that_would_not_be_read_is_refused(torbay: Path) -> None:
    """By another ending or in a folder beneath, what a part says would be left out, and nobody be told of a concern."""
    alerts = torbay / "alerts.yaml"
    alerts.rename(torbay / "alerts.yml")
    [problem] = check(torbay)[1]
    assert (problem.where, problem.rule) == (
        str(torbay / "alerts.yml"),
        "it is no part by that name: call it alerts.yaml",
    )
    (torbay / "more").mkdir()
    (torbay / "alerts.yml").rename(torbay / "more" / "alerts.yaml")
    [problem] = check(torbay)[1]
    assert problem.where == str(torbay / "more")
    assert problem.rule == "parts stand beside each other: what a folder within a policy holds is not read"


def test_a_folder_is_compared_with_a_version(torbay: Path) -> None:
    """`policy diff` takes a folder of parts like a file."""
    change(torbay / "framework.yaml", "roles:\n", "fallback: learning_academy\nroles:\n")
    said = Program(Settings()).run("policy", "diff", "torbay", str(torbay))
    assert (said.code, said.err) == (0, "")
    assert "Learning Academy is told" in said.out


def test_a_folder_that_is_not_named_by_its_authority(torbay: Path) -> None:
    """What was put aside beside the policies is not read in silence: it is named, with what can be done."""
    aside, folder = torbay.parent / "old", torbay.parent
    shutil.copytree(torbay, aside)
    change(aside / "framework.yaml", 'version: "1"', 'version: "0"')
    change(aside / "framework.yaml", "effective_from: 2020-01-01", "effective_from: 2019-01-01")
    with pytest.raises(
        PolicyError, match=r"it holds a policy of torbay: call it torbay, or torbay-old; .* \.old"
    ) as told:
        load_folder(folder)
    assert (told.value.where, told.value.key) == (str(aside), "(folder)")
    aside = aside.rename(folder / ".old")
    assert [each.version for each in load_folder(folder)["torbay"].versions] == ["1"]
    aside.rename(folder / "torbay-old")
    assert [each.version for each in load_folder(folder)["torbay"].versions] == ["0", "1"]


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("old", "call it torbay, or torbay-old;"),
        ("torbay_2027", "call it torbay, or torbay-2027;"),
        ("Torbay 2027 (draft)", "call it torbay, or torbay-2027-draft;"),
        ("2027-torbay", "call it torbay, or torbay-2027-torbay;"),
        ("torbays", "call it torbay, or torbay-torbays;"),
    ],
)
def test_a_folder_is_told_a_name_that_it_may_have(torbay: Path, name: str, better: str) -> None:
    """What its name says stays in what it could be called, and under that it is read."""
    folder = torbay.rename(torbay.with_name(name))
    with pytest.raises(PolicyError, match=re.escape(better)):
        load_folder(folder.parent)
    folder.rename(folder.with_name(better.rpartition(" ")[2].removesuffix(";")))
    assert [*load_folder(folder.parent)] == ["torbay"]


@pytest.mark.parametrize("name", ["Torbay", "TORBAY-2027", "torbay-2027"])
def test_large_letters_name_an_authority_as_well(torbay: Path, name: str) -> None:
    """A folder that bears the name as people write it was always read, and is."""
    torbay.rename(torbay.with_name(name))
    assert [*load_folder(torbay.parent)] == ["torbay"]
