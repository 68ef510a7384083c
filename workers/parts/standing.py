"""How one worker stands in one authority: what it is in, and what a person can do about it."""

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "up to date",
    "behind",
    "late",
    "holding",
    "failing",
    "halted",
    "stopped",
    "suspended",
    "silent",
    "missing",
    "nearly full",
    "unsafe",
    "refused",
    "damage accepted",
    "left open",
    "proposed",
    "unsound",
    "not begun",
    "no file",
    "left out",
    "lost",
    "far behind",
    "not seen",
]

START = "start `sightline up`"
REMEDIES = {
    "missing": START,
    "stopped": START,
    "suspended": "wake it with `kill -CONT` and the number of its process: it goes on where it was",
    "silent": "it may be starting; if it stays so, look at its log and end it: what started it starts it again",
    "late": "it runs, but does not keep up: look at the machine, at the database and at its log",
    "failing": "each is tried again by itself; mend what stands in the way, see the log and `sightline verify`",
    "halted": "mend what stands in the way: see `sightline verify`, and the runbook, a halted projector",
    "nearly full": "make room before nothing can be recorded: the runbook, stream full",
    "unsafe": "put the configuration back and restart the server: what is acknowledged may be lost with the power",
    "far behind": "ask whoever runs that service; one that is no more is taken away by `sightline subscriber remove`",
    "not seen": "give the account of the workers what it may ask by `nats/accounts.conf`, and restart the server",
    "refused": "no process starts on it before that is put right: the runbook, restore and a lost stream",
    "left open": "repeat `sightline archive remove`: it goes on where it was; until then everything works as before",
    "unsound": "what was adopted decides, as before; `sightline policy check FILE` says each mistake",
    "not begun": "no policy was adopted: mend it (`sightline policy check FILE` says each mistake), and start again",
    "no file": "what was adopted decides, as before, and its clocks run: taking a file away ends no council, and no act"
    " does; put it back",
    "left out": "nobody works for it: the account of the workers does not know it either, and its history stands as it"
    " is; if it is not meant: put its file back, and its lines into `nats/accounts.conf`",
    "lost": "nobody works for it: views have read its history, which is gone; the runbook, a lost stream",
    "proposed": "if it is meant: `sightline policy adopt FILE --from DAY`",
    "holding": "import the same file again with `sightline import FILE`: nothing is recorded twice, and its end sends "
    "what is owed",
}


OF_FILES: frozenset[State] = frozenset({"proposed", "unsound", "no file", "left out"})
"""What is said of policy files beside those that were adopted: a word, and no fault."""


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """One worker in one authority.

    `state` is `missing` where no trace of it is on the server: it was never started here. It is `stopped` where no
    process of it shows life, as far as this machine knows: `suspended` where one was stopped by a signal, and `silent`
    where one is there and asks for nothing; `reason` names the process. `halted` is a projection before the event
    `halted_at`, `failing` a worker or a view with records that it cannot work out (`parked`), or a sweep that cannot
    read all; `reason` says why. `late` is one whose oldest event or timer has waited for more than a minute (`late_by`,
    in seconds). `holding` means that an import was opened long ago and not closed: its notices wait. `behind` is how
    much a worker has still to do: events that a view lacks, or messages that wait or were given out and not
    acknowledged, and records that are parked. `position` is the view's checkpoint, or the last event given out; `end`
    the stream's last one. `open_imports` hold notices back; for as long as an import may take they are no fault. A
    `history` is `refused` by every start: a stream is gone or was changed, or it is not what the views have read of it.
    Its `damage accepted` is no fault: somebody took it as it is, and everything goes on without it. Neither are
    `archives` whose removal from the live history is on record and was `left open`, nor a policy
    that is `proposed`: a file says otherwise than what was adopted, and decides nothing; nor one that is `unsound`: the
    file breaks a rule; nor a council of which there is `no file`, or that was `left out` of the accounts as well. Where
    nothing was adopted yet that authority has `not begun`, and that is one; so is a history that views have read and
    that is `lost`, where no sound file asks for it: then every start is `refused`. A service that reads what is
    published is `far behind` once more messages wait for it than the settings allow; those of a council are `not seen`
    where the server does not tell of them, nor is a council of which it does not tell, whatever its file.
    """

    worker: str
    authority: str
    state: State
    behind: int = 0
    waiting: int = 0
    unacknowledged: int = 0
    position: int = 0
    end: int = 0
    halted_at: int | None = None
    reason: str = ""
    open_imports: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    late_by: float = 0.0
    asked_for: bool = True

    @property
    def ok(self) -> bool:
        """Whether the worker does its work: it may be behind for a moment, but it must run and leave nothing."""
        return self.state in {"up to date", "behind", "damage accepted", "left open", *OF_FILES}

    @property
    def done(self) -> bool:
        """Whether there is nothing left for it to do now."""
        return self.state in {"up to date", "stopped", "holding"} and not self.behind

    @property
    def remedy(self) -> str:
        """What a person can do about it; nothing where all is well."""
        return REMEDIES.get(self.state, "")

    @property
    def told(self) -> str:
        """What is to be said of it in words, with the way out; nothing where all is well."""
        if self.state == "halted":
            return f"cannot take event {self.halted_at}: {self.reason}; {self.remedy}"
        if self.state == "late":
            return f"its oldest event has waited {self.late_by:.0f} s; {self.remedy}"
        if not self.ok or self.state in {"left open", *OF_FILES}:
            return "; ".join(each for each in (self.reason, self.remedy) if each)
        if self.open_imports:
            return f"imports under way, whose notices wait: {len(self.open_imports)}"
        return ""
