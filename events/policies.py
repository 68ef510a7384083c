"""The rules of an authority as part of its history: what was adopted, by whom, and from which day it decides.

One record of each authority, `policy/adopted`, tells of them in their order.
"""

from datetime import date

from events.base import Fact, Label
from events.directory import Hashed
from events.reports import Zipped
from events.wording import in_words

ADOPTIONS = "policy/adopted"
"""The record that tells of an authority's adopted policies."""


class PolicyAdopted(Fact):
    """A version of the framework was adopted: everything of a day from `since` on is decided by it.

    `content` is all of it, as data (see `services.policy.adopted`), with the bank holidays that its days are counted
    by; `digest` is the SHA-256 of that data and `size` its length in bytes. A version is adopted once: no other content
    ever has its name. `taken_over` says that nobody decided it: it is what the files said when the authority's work
    first began under adopted rules, from the day that the file itself names.
    """

    stored_name = "policy.adopted.v1"
    version: Label
    framework: Label
    since: date
    digest: Hashed
    size: int
    content: Zipped
    taken_over: bool = False

    def sentence(self) -> str:
        how = "was taken over as its file had it" if self.taken_over else "was adopted"
        return (
            f"Version {self.version} of “{self.framework}” {how}, in force from {in_words(self.since)} "
            f"({self.digest[:12]})."
        )
