"""What is odd in a sound policy: it may be meant, and mostly is not. Nothing is refused for it."""

from collections.abc import Collection, Iterator

from services.policy.action_checks import doubts_of_actions
from services.policy.dead_rules import never
from services.policy.key_path import KeyPath
from services.policy.known import Known
from services.policy.ladder_doubts import odd_ladders
from services.policy.model import Policy
from services.policy.near import near
from services.policy.nobody import nobody, vacant
from services.policy.order_doubts import doubts_of_order
from services.policy.sample_checks import doubts_of_samples
from services.policy.unfilled import unfilled

Problem = tuple[KeyPath, str]


def doubts_of(policy: Policy, known: Known, held: Collection[str] | None = None) -> Iterator[Problem]:
    """Each doubt with its key: what is not filled in, can never fire or nobody may do, and ladders that miss somebody.

    `held` are the posts that somebody holds, where a directory is at hand: then vacant posts and acts that nobody is
    there for are doubted as well. What the policy says is meant (`knowingly`) is no doubt; where nothing is odd there,
    that is one. The policy must be sound: what breaks a rule is a mistake, and no doubt.
    """
    found = [
        *unfilled(policy),
        *never(policy),
        *odd_ladders(policy),
        *doubts_of_actions(policy),
        *doubts_of_samples(policy),
        *doubts_of_order(policy),
        *nobody(policy, known),
    ]
    if held is not None:
        found += vacant(policy, known, held)
    places = [called(policy, key) for key, _ in found]
    meant = {named for named in policy.knowingly for place in places if _is_at(place, named)}
    yield from (
        doubt for doubt, place in zip(found, places, strict=True) if not any(_is_at(place, each) for each in meant)
    )
    for named in policy.knowingly.keys() - meant:
        yield ("knowingly", named), f"nothing is odd at {named}{near(named, places, few=0)}"


def called(policy: object, key: KeyPath) -> str:
    """A place by the names that the file gives: `obligations.audit_return.ladder.reminder.on`.

    `policy` is the policy, or what a file says before it is made sense of.
    """
    held = policy
    words: list[str] = []
    for each in key:
        if isinstance(each, int) and isinstance(held, tuple | list):
            held = held[each]
            words.append(str(held.get("name", each) if isinstance(held, dict) else getattr(held, "name", each)))
        else:
            held = held.get(each) if isinstance(held, dict) else getattr(held, str(each), None)
            words.append(str(each))
    return ".".join(words)


def _is_at(place: str, named: str) -> bool:
    return place == named or place.startswith(f"{named}.")
