"""A policy as history keeps it: whole, with the bank holidays of its days, so that it needs no file and no library.

What is kept is the model's own data with every default written out. A later default, calendar or file changes nothing
of it. It is a format that stays: a field of the policy's form that gets another name or meaning is brought up to date
where this is read.
"""

import base64
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson
from pydantic import PrivateAttr, ValidationError

from events.errors import BrokenHistory, Refused
from events.policies import ADOPTIONS, PolicyAdopted
from services.policy import compiled
from services.policy.model import Policy
from services.policy.part import ADOPTED

LARGEST = 262_144
"""What the content may come to once it is compressed; the largest framework so far takes a twelfth of it. It stays far
below what a server takes in one message."""

RECORD = ADOPTIONS
"""The record that tells of an authority's adopted policies."""


class AdoptedPolicy(Policy):
    """A policy with the bank holidays that were known when it was adopted; of years without any, none were kept."""

    bank_holidays: tuple[date, ...] = ()
    _digest: str = PrivateAttr(default="")
    _known_since: datetime | None = PrivateAttr(default=None)

    @property
    def digest(self) -> str:
        """The hash of its content, by which envelopes name it."""
        return self._digest

    @property
    def known_since(self) -> datetime | None:
        """When it was adopted; None for what was taken over from the files, by which work was done before."""
        return self._known_since

    @cached_property
    def days_kept(self) -> Mapping[int, frozenset[date]]:
        """The bank holidays that were kept, by year."""
        found: defaultdict[int, set[date]] = defaultdict(set)
        for each in self.bank_holidays:
            found[each.year].add(each)
        return {year: frozenset(days) for year, days in found.items()}


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a policy: its data, and the hash by which envelopes name it."""

    data: str

    @classmethod
    def of(cls, policy: Policy, bank_holidays: tuple[date, ...]) -> "Content":
        """The content of a policy with these bank holidays."""
        days = [each.isoformat() for each in bank_holidays]
        return cls(orjson.dumps({**policy.model_dump(mode="json", by_alias=True), "bank_holidays": days}).decode())

    @property
    def digest(self) -> str:
        """SHA-256 of the data."""
        return sha256(self.data.encode()).hexdigest()

    @property
    def size(self) -> int:
        """The length of the data in bytes."""
        return len(self.data.encode())

    def packed(self) -> str:
        """The data as an event carries it. Refused for more than an event can carry."""
        packed = base64.b64encode(zlib.compress(self.data.encode(), 9)).decode()
        if len(packed) > LARGEST:
            raise Refused("file", f"the policy comes to {len(packed)} bytes, compressed; {LARGEST} can be kept")
        return packed


def opened(fact: PolicyAdopted, recorded: datetime) -> AdoptedPolicy:
    """The policy that was adopted and `recorded` then, in force from the day that was said.

    BrokenHistory where the content is not what was adopted, or is of a form that is known no more.
    """
    policy = _read(_unpacked(fact), fact)
    policy._digest = fact.digest  # noqa: SLF001 - what is read of history knows by which name history has it
    policy._known_since = None if fact.taken_over else recorded  # noqa: SLF001 - as above
    return policy


def _unpacked(fact: PolicyAdopted) -> str:
    broken = BrokenHistory(RECORD, f"version {fact.version} is not what was adopted")
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(fact.content, validate=True), fact.size)
    except (ValueError, zlib.error) as error:
        raise broken from error
    if sha256(data).hexdigest() != fact.digest:
        raise broken
    return data.decode()


def _read(data: str, fact: PolicyAdopted) -> AdoptedPolicy:
    policy = compiled.recall(AdoptedPolicy, fact.digest)
    if policy is None:
        policy = _validated(data, fact)
        compiled.keep(policy, fact.digest)
    return policy.model_copy(update={"effective_from": fact.since})


def _validated(data: str, fact: PolicyAdopted) -> AdoptedPolicy:
    try:
        return AdoptedPolicy.model_validate(with_alerts(orjson.loads(data)), context=ADOPTED)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise BrokenHistory(RECORD, f"version {fact.version} is of a form that is not known: {where}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # of no form at all: it was never a policy
        raise BrokenHistory(RECORD, f"version {fact.version} is of a form that is not known: {error}") from error


def with_alerts(content: dict[str, Any]) -> dict[str, Any]:
    """A content from before alerts stood apart from obligations, as it is written since; any other as it is.

    What was only told stood among the obligations then, with an owner who owed nothing: neither a date nor anything
    that would meet it. It becomes an alert of the same name, start and steps, in the order in which it stood, so that
    each step keeps its identity. One with a setting that would bear on what it tells, and that an alert has not, stays
    an obligation as it was written; so does one for each action, because others may count from the day of its action.
    Nothing but this function knows of the older form.
    """
    if "alerts" in content:
        return content
    told = [each for each in content["obligations"] if _only_told(each)]
    owed = [each for each in content["obligations"] if not _only_told(each)]
    return content | {
        "obligations": owed,
        "alerts": [{name: each[name] for name in _OF_ALERTS if name in each} for each in told],
    }


_OF_ALERTS = ("name", "title", "source", "trigger", "while_grade", "through_closures", "ladder")
"""What the older form had of an alert, under the names that an alert has."""

_WITHOUT_EFFECT = {"owner", "jointly", "kind"}
"""What it said of the owner and of the date of what nobody owed."""


def _only_told(rule: dict[str, Any]) -> bool:
    others = rule.keys() - {*_OF_ALERTS, *_WITHOUT_EFFECT}
    usual = {"met_count": 1, "per": "audit"}
    return bool(rule.get("ladder")) and all(rule[name] in (usual.get(name), None, False, [], {}) for name in others)


def same_rules(one: Policy, other: Policy) -> bool:
    """Whether two policies say the same, whenever they are in force and whatever bank holidays were known."""
    apart = {"effective_from", "bank_holidays"}
    return one.model_dump(exclude=apart) == other.model_dump(exclude=apart)
