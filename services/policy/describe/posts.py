"""Posts and people in words: the framework's own titles, and what people of a record are in it."""

from collections.abc import Iterator, Mapping

from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain
from services.policy.expressions import Addressee
from services.policy.model import Policy
from services.policy.rules import written

CHAPTER = "Who is who"
PERSON_TITLES: Mapping[str, str] = {
    "auditor": "the auditor",
    "moderator": "the moderator",
    "worker": "the allocated practitioner",
    "team": "the allocated team",
    "action_owner": "the owner of the action",
    "reviewer": "the child's reviewing officer or conference chair",
    "plan_lead": "the lead of the child's plan",
    "reauditor": "the auditor of the re-audit",
    "actor": "whoever did it",
}
ANCHORS: Mapping[str, str] = {
    "child": "the child's {}",
    "auditor": "the auditor's {}",
    "moderator": "the moderator's {}",
    "actor": "the {} of whoever did it",
    "about": "the {} that it is about",
}


def role_title(policy: Policy, role: str) -> str:
    """A role by the framework's own title, a person of the record by what they are in it."""
    if role in policy.roles:
        return policy.roles[role].title
    return PERSON_TITLES.get(role, plain(role))


def recipient(policy: Policy, addressee: Addressee) -> str:
    """Who is meant, in the framework's own titles."""
    if addressee.told:
        titles = {rule.name: rule.title for rule in written(policy)}
        return f"everybody who was told of “{titles.get(addressee.told, addressee.told)}”"
    title = role_title(policy, addressee.role)
    if not addressee.link or addressee.role not in policy.roles or addressee.anchor is None:
        return title
    scope = policy.roles[addressee.role].scope
    if addressee.link == "over":
        return f"{title} over {role_title(policy, addressee.anchor) if addressee.anchor != 'about' else 'it'}"
    return f"{title} of {ANCHORS[addressee.anchor].format(scope)}" if scope != "authority" else title


def posts(policy: Policy) -> Iterator[Statement]:
    """The posts, and whom a notice to a vacant one reaches."""
    for name, role in policy.roles.items():
        place = "" if role.scope == "authority" else f" in each {role.scope}"
        yield Statement(CHAPTER, ("roles", name), "", f"{role.title}: {'a group' if role.group else 'one post'}{place}")
    if policy.chain:
        chain = ", then ".join(role_title(policy, role) for role in policy.chain)
        words = f"A notice to a vacant post goes to whoever stands above it: {chain}"
        yield Statement(CHAPTER, ("chain",), "", words)
    last = f"In the last resort, {role_title(policy, policy.fallback)} is told"
    yield Statement(CHAPTER, ("fallback",), "", last)
    if policy.areas:
        yield Statement(CHAPTER, ("areas",), "", f"Areas: {listed(policy.areas)}")
