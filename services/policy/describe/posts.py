"""Posts and people in words: the framework's own titles, and what people of a record are in it."""

from collections.abc import Iterator, Mapping

from services.policy.describe.statement import Statement
from services.policy.describe.wording import plain
from services.policy.expressions import Addressee
from services.policy.model import Policy

PERSON_TITLES: Mapping[str, str] = {
    "auditor": "the auditor",
    "moderator": "the moderator",
    "worker": "the allocated practitioner",
    "team": "the allocated team",
    "action_owner": "the owner of the action",
    "reviewer": "the child's reviewing officer or conference chair",
    "plan_lead": "the lead of the child's plan",
    "reauditor": "the auditor of the re-audit",
}


def role_title(policy: Policy, role: str) -> str:
    """A role by the framework's own title, a person of the record by what they are in it."""
    if role in policy.roles:
        return policy.roles[role].title
    return PERSON_TITLES.get(role, plain(role))


def recipient(policy: Policy, addressee: Addressee) -> str:
    """Who is meant, in the framework's own titles."""
    if addressee.told:
        titles = {rule.name: rule.title for rule in policy.obligations}
        return f"everybody who was told of “{titles.get(addressee.told, addressee.told)}”"
    title = role_title(policy, addressee.role)
    if not addressee.link or addressee.role not in policy.roles:
        return title
    scope = policy.roles[addressee.role].scope
    if addressee.link == "over":
        return f"{title} over the {addressee.anchor}"
    return f"{title} of the {addressee.anchor}'s {scope}" if scope != "authority" else title


def posts(policy: Policy) -> Iterator[Statement]:
    """The posts, and whom a notice to a vacant one reaches."""
    for name, role in policy.roles.items():
        holders = "told as a group" if role.group else "one post" if role.scope == "authority" else "one post in each"
        place = "" if role.scope == "authority" else f" {role.scope}"
        yield Statement("Posts", ("roles", name), "", f"{role.title}: {holders}{place}")
    chain = ", then ".join(role_title(policy, role) for role in policy.chain) or "none"
    yield Statement("Posts", ("chain",), "", f"A vacant post is told as the next of: {chain}")
    yield Statement("Posts", ("fallback",), "", f"In the last resort: {role_title(policy, policy.fallback)}")
