"""Nothing is posted inside: the table of addresses that are refused, whatever their name."""

from collections.abc import Callable

import pytest

from events.errors import Refused
from services.webhooks.targets import Forbidden, Reach, Unresolved, target_of


def reach(*numbers: str, private: bool = False) -> Reach:
    """A reach to which every name has these numbers."""
    return Reach(frozenset({443, 8443}), private, lambda _host, _port: numbers)


FORBIDDEN = (
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - nobody listens there
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
)


@pytest.mark.parametrize("number", FORBIDDEN)
def test_nothing_is_posted_to(number: str) -> None:
    """An address of no public network is refused; also where another number of the name would do."""
    with pytest.raises(Forbidden):
        reach(number).of_url("https://hooks.example.org/x")
    with pytest.raises(Forbidden):
        reach("93.184.215.14", number).of_url("https://hooks.example.org/x")


@pytest.mark.parametrize("number", ["93.184.215.14", "8.8.8.8", "172.32.0.1", "2606:4700::6810:84e5"])
def test_anybodys_address_will_do(number: str) -> None:
    """The connection goes to the number that was looked at, under the name that was given."""
    found = reach(number).of_url("https://hooks.example.org:8443/x?y=z")
    assert found.address == number
    assert found.authority == "hooks.example.org:8443"
    assert found.numeric.endswith(":8443/x?y=z")


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_whatever_a_number_is_written_as(host: str) -> None:
    """What the machine itself takes for a number is looked at as the number that it is."""
    with pytest.raises((Forbidden, Unresolved)):
        Reach(frozenset({443})).of_url(f"https://{host}/")


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://hooks.example.org/", "https"),
        ("ftp://hooks.example.org/", "no address"),
        ("hooks.example.org", "no address"),
        ("https:///x", "no address"),
        ("https://hooks.example.org:99999/", "no address"),
        ("https://user:pass@hooks.example.org/", "name or password"),
        ("https://user@hooks.example.org/", "name or password"),
        ("https://@hooks.example.org/", "name or password"),
        ("https://hooks.example.org/#x", "fragment"),
        ("https://hooks.example.org/#", "fragment"),
        ("https://hooks.example.org/a b", "printable"),
        ("https://hooks.example.org\\@10.0.0.1/", "printable"),
        ("https://hooks.ex\u00e4mple.org/", "printable"),
        ("https://hooks%2eexample.org/", "plainly"),
        ("https://hooks.example.org:22/", "port 22"),
        ("https://hooks.example.org:0/", "port 0"),
        ("https://hooks.example.org/" + "x" * 2_000, "2000"),
    ],
)
def test_addresses_of_another_form_are_refused(url: str, rule: str) -> None:
    """The rule is named, and no word of the address."""
    with pytest.raises(Refused) as refused:
        reach("93.184.215.14").of_url(url)
    assert rule in refused.value.rule
    assert "hooks" not in str(refused.value)


def test_an_installation_may_allow_private_networks() -> None:
    """Then https leads anywhere, and http to this machine; a name or a fragment is refused all the same."""
    assert reach("10.0.0.5", private=True).of_url("https://inside.example:9000/").address == "10.0.0.5"
    assert reach("127.0.0.1", private=True).of_url("http://127.0.0.1:9000/").address == "127.0.0.1"
    for url in ("http://inside.example/", "https://u@inside.example/"):
        with pytest.raises(Forbidden):
            reach("10.0.0.5", private=True).of_url(url)


def test_a_name_is_asked_for_once() -> None:
    """A name that leads elsewhere when it is asked for again is not asked for again."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    resolve: Callable[[str, int], list[str]] = lambda _host, _port: next(answers)  # noqa: E731 - it is a value here
    assert Reach(frozenset({443}), resolve=resolve).of_url("https://hooks.example.org/").address == "93.184.215.14"
    assert target_of("https://hooks.example.org/").address == ""
