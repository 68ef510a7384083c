"""Settings as the variables give them, and what is refused of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.errors import SettingsError
from events.subjects import check_authority, snapshot_stream, stream_name, timer_stream
from services.clock import shifted_clock
from services.settings import Settings, read_settings
from services.store.errors import StoreUnavailable
from services.store.fitness import MAX_SKEW
from services.store.provisioner import Layout, check, provision
from tests.stores import Store
from workers.running.supervisor import environment
from workers.system import System


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("3600", timedelta(hours=1)),
        ("-90.5", timedelta(seconds=-90.5)),
        ("0", timedelta()),
        ("P30D", timedelta(days=30)),
        ("-PT1H30M", timedelta(hours=-1, minutes=-30)),
    ],
)
def test_clock_offset_is_seconds_or_a_duration(text: str, offset: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable takes what its description says."""
    monkeypatch.setenv("SIGHTLINE_CLOCK_OFFSET", text)
    assert read_settings().clock_offset == offset


@pytest.mark.parametrize("text", ["an hour", "1_0", "nan", "1e999", ""])
def test_clock_offset_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is refused with the setting's name."""
    monkeypatch.setenv("SIGHTLINE_CLOCK_OFFSET", text)
    with pytest.raises(SettingsError, match="SIGHTLINE_CLOCK_OFFSET"):
        read_settings()


@pytest.mark.parametrize("text", ["*", "proxy", "10.0.0.1/8", "127.0.0.1,"])
def test_servers_in_front_are_named_by_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose word counts for where a request comes from is said exactly; anybody's is never taken."""
    monkeypatch.setenv("SIGHTLINE_API_PROXIES", text)
    with pytest.raises(SettingsError, match="SIGHTLINE_API_PROXIES"):
        read_settings()


def test_moved_clock_never_meets_real_history(single_store: Store, tmp_path: Path) -> None:
    """Streams made without a rehearsal refuse a moved clock; those of a rehearsal take it."""
    link, moved = single_store.link, Layout(rehearsal=True)
    link.run(provision(link.client, ["real"], Layout()))
    for judge in (check, provision):
        with pytest.raises(SettingsError, match=r"SIGHTLINE_CLOCK_OFFSET.*not made for a rehearsal"):
            link.run(judge(link.client, ["real"], moved))
    link.run(check(link.client, ["real"], Layout()))
    link.run(provision(link.client, ["rehearsed"], moved))
    for layout in (moved, Layout()):
        link.run(check(link.client, ["rehearsed"], layout))
    settings = read_settings(data=tmp_path, nats=single_store.url, clock_offset=timedelta(days=3))
    with System(settings) as system:
        assert system.layout == moved
    with System(settings.model_copy(update={"clock_offset": timedelta()})) as system:
        assert system.layout == Layout()


@pytest.mark.parametrize("ahead", [MAX_SKEW + timedelta(seconds=25), -MAX_SKEW - timedelta(seconds=25)])
def test_clock_far_off_the_servers_is_refused(single_store: Store, ahead: timedelta) -> None:
    """Whoever would date events by a wrong clock does not start; a small difference is nothing."""
    authority = single_store.authority()
    link = single_store.link
    with pytest.raises(
        StoreUnavailable, match=r"clock of this machine is (6|7|8|9|10)[0-9] seconds (ahead of|behind) the server's"
    ):
        link.run(check(link.client, [authority], Layout(), clock=lambda: datetime.now(UTC) + ahead))
    link.run(check(link.client, [authority], Layout(), clock=shifted_clock(ahead / 2)))


@pytest.mark.parametrize("name", ["torbay-timers", "torbay-snapshots", "timers-timers"])
def test_authority_that_would_collide_is_refused(name: str) -> None:
    """No council's events have the name of another's timers or snapshots."""
    assert stream_name("torbay-timers") == timer_stream("torbay")
    assert stream_name("torbay-snapshots") == snapshot_stream("torbay")
    with pytest.raises(ValueError, match="must not end in"):
        check_authority(name)
    assert check_authority("timers") == "timers"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(
            nats="nats://127.0.0.1:1",
            clock_offset=timedelta(days=-3, seconds=1),
            oidc_issuer="https://id.example.org",
            oidc_audience="sightline",
            oidc_algorithms=("RS256", "ES256"),
            oidc_skew=timedelta(seconds=5),
            oidc_roles_claim="roles",
        ),
    ],
    ids=["default", "set"],
)
def test_another_process_gets_the_same_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that a worker is started with give it every setting as it stands here."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings
