"""What every event has in common, and the small vocabulary of field types that events share."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from events.errors import ContractError
from events.upcasts import UPCASTS

STORED_NAME = re.compile(r"[a-z]+(\.[a-z_]+)+\.v[1-9][0-9]*")

Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""An opaque reference (audit, child, person, team). It travels in subjects, so it holds no dot, space or name."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""A word of the authority's own framework, such as a grade, a section or a role."""

Sealed = Annotated[
    str,
    StringConstraints(
        pattern=r"^sealed:[0-9]+(\.[0-9a-f]{16})?:[A-Za-z0-9_-]+:[A-Za-z0-9_-]{38,}$", max_length=400_000
    ),
]
"""Free text or a child number as it is stored: encrypted with one child's key, never readable in the stream.

The form is `sealed:<key version>.<key id>:<child>:<nonce and ciphertext, base64url>`. The id is random, 16 hex digits:
it tells a key from another that was made after the first was lost. Texts of the first days have none.
"""


class Fact(BaseModel):
    """Something that happened. Recorded once, never edited; a new meaning takes a new stored name.

    A contract is registered by being defined. It says its `stored_name` and its `sentence`: ContractError for a name
    that is malformed or taken, and for a contract without a sentence. `stored_name` is a format for ever: it is chosen
    by hand and is never derived from the class. `clause` says what happens, to stand behind “when”, where a policy may
    hang a clock on it. `kinds` are the kinds of record that may hold it, where that is not the first word of its name;
    `anywhere` says that one of any other kind may that owes something. `acts` are the acts of a policy one of which
    records it; it is empty where no single act has to be given to anybody for it. `by_calendar` says that a day brings
    it and no act: what meets the clock that it starts may be recorded before it. `begins` says that a piece of work
    begins with it, which keeps the form and the scale of that day. `leads_to` is the stage that its record has come to
    by it, where records of that kind have stages.
    """

    # A process that reads some kinds of events makes what reads those alone: to load all of them costs half as much.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    stored_name: ClassVar[str]
    clause: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ()
    anywhere: ClassVar[bool] = False
    acts: ClassVar[tuple[str, ...]] = ()
    by_calendar: ClassVar[bool] = False
    begins: ClassVar[bool] = False
    leads_to: ClassVar[str | None] = None

    def sentence(self) -> str:
        """What happened, in one plain sentence, as a manager of quality assurance would say it.

        It never carries sealed text. References stay opaque; whoever shows them may put names to them.
        """
        raise NotImplementedError  # what is only a base of contracts is never recorded

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Register the contract, unless it is only a base of contracts, which has no stored name."""
        name = cls.__dict__.get("stored_name")
        if name is None:
            return
        if not STORED_NAME.fullmatch(name):
            raise ContractError(name, "a stored name is dotted lower-case words and a version")
        if name in CONTRACTS or name in UPCASTS:
            raise ContractError(name, "the stored name is taken")
        if "sentence" not in cls.__dict__:
            raise ContractError(name, "a contract says its sentence")
        CONTRACTS[name] = EVENTS[name.rpartition(".v")[0]] = cls


CONTRACTS: dict[str, type[Fact]] = {}
"""Every contract by its stored name. `events.registry` fills it with those of this room."""

EVENTS: dict[str, type[Fact]] = {}
"""Every contract by the name of its event, as a policy writes it: without the version."""
