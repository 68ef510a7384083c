"""Who works in the invented month: two services with two teams each, and a holder for every post of the framework."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.policy.model import Policy

SERVICES = {"S-1": ("T-1", "T-2"), "S-2": ("T-3", "T-4")}
UNITS = {"team": tuple(team for teams in SERVICES.values() for team in teams), "service": tuple(SERVICES)}
FIRST = "P-FIRST"
"""Who keeps the directory."""

ABOVE = {team: service for service, teams in SERVICES.items() for team in teams}


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post."""

    person: str
    post: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, by the posts that the framework knows."""

    policy: Policy
    holders: tuple[Holder, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put somebody into each post of each unit, and two into a group, so that nobody judges what is their own."""
        object.__setattr__(self, "holders", tuple(_holders(self.policy)))

    def of(self, post: str, team: str) -> Iterator[Holder]:
        """Those in the post who are nearest to a team: in it, above it, or in one for all."""
        for each in self.holders:
            if each.post == post and each.unit in {None, team, ABOVE[team]}:
                yield each

    def away_from(self, team: str) -> list[Holder]:
        """Managers of other services and teams, the nearest to the work first, and then everybody else."""
        ranks = {post: number for number, post in enumerate(self.policy.chain)}
        near = {None, team, ABOVE[team]}
        others = [each for each in self.holders if each.unit not in near]
        rest = [each for each in self.holders if each.unit in near]
        return sorted(others, key=lambda each: ranks.get(each.post, len(ranks))) + rest

    def workers(self, team: str) -> list[Holder]:
        """Those of a team who manage nobody; then everybody in it."""
        own = [each for each in self.holders if each.unit == team]
        return sorted(own, key=lambda each: each.post in self.policy.chain)


def _holders(policy: Policy) -> Iterator[Holder]:
    for post, role in policy.roles.items():
        name = "-".join(["P", *post.upper().split("_")])
        for unit in UNITS.get(role.scope, (None,)):
            held = f"{name}-{unit.replace('-', '')}" if unit else name
            yield from (Holder(each[-64:], post, unit) for each in ((held, f"{held}-2") if role.group else (held,)))
