"""The bench's cases run, in small, so that they do not rot. No time is asserted: a busy machine is no failure."""

from pathlib import Path

import pytest

from tests.bench.appends import many_at_once, one_client
from tests.bench.archiving import archives
from tests.bench.doors import by_http
from tests.bench.importing import import_history
from tests.bench.keyring import keyring
from tests.bench.noticing import notices_after_import
from tests.bench.packing import pack_of_five_years
from tests.bench.past import as_at_one_year_back
from tests.bench.publishing import publish_backlog, publish_live
from tests.bench.rebuilding import rebuild_a_million, rebuild_all_views
from tests.bench.recorders import library_cases
from tests.bench.report import machine, show
from tests.bench.reporting import report_of_five_years
from tests.bench.sending import Day, send_digests
from tests.bench.tailing import catch_up, live_tail
from tests.edited import edited
from tests.stores import Store

pytestmark = pytest.mark.long


def test_every_case_gives_a_row(single_store: Store, tmp_path: Path) -> None:
    """Each case ends with figures, and the table shows them."""
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "torbay.yaml").write_text(edited("torbay"), encoding="utf-8")
    rows = [
        one_client(single_store, rounds=1, count=2),
        many_at_once(single_store, rounds=1, count=1, lanes=3),
        *library_cases(single_store, tmp_path / "library", rounds=1),
        *import_history(single_store, tmp_path / "import", audits=2),
        *notices_after_import(single_store, tmp_path / "notices", audits=2, SIGHTLINE_POLICIES=str(policies)),
        *live_tail(single_store, tmp_path / "tail", for_seconds=1, per_second=20),
        *catch_up(single_store, tmp_path / "catch-up", events=1_200, views=["register"]),
        *publish_live(single_store, tmp_path / "publish", for_seconds=2, per_second=24),
        *publish_backlog(single_store, tmp_path / "backlog", audits=20),
        *send_digests(single_store, tmp_path / "send", day=Day(notices=6, people=3)),
        *by_http(single_store, tmp_path / "http", clients=3, each=2),
        *pack_of_five_years(single_store, tmp_path / "pack", audits=6),
        *report_of_five_years(single_store, tmp_path / "report", events=1_200),
        *as_at_one_year_back(single_store, tmp_path / "as-at", events=1_200),
        *rebuild_all_views(single_store, tmp_path / "rebuild", events=1_200),
        *rebuild_a_million(single_store, tmp_path / "million", events=120),
        *archives(single_store, tmp_path / "archives", events=1_200),
        *keyring(single_store, tmp_path / "keyring", children=3, rounds=3),
    ]
    assert all(row.ours or row.peer for row in rows)
    show(rows, machine())
