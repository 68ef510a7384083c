"""One base for everything that Sightline refuses or cannot do, and a type for each thing a caller can act on.

Every message is one line that names the field, setting or place and the rule. No caller parses a message.
"""


class SightlineError(Exception):
    """The base. Its text is fit to be shown to a user as one line."""


class Refused(SightlineError):
    """A command breaks a rule of the framework or of its own form. Nothing was written.

    `field` is the part of the command at fault, `rule` what it must keep.
    """

    def __init__(self, field: str, rule: str) -> None:
        self.field = field
        self.rule = rule
        super().__init__(f"{field}: {rule}")


class Forbidden(Refused):
    """Another person, role or authority would have to ask: what is asked may be right, who asks may not ask for it."""


class SeparationOfDuties(Forbidden):
    """The actor may not do this to this audit. The attempt itself is recorded."""


class NotFound(SightlineError):
    """What was asked for does not exist in this authority."""

    def __init__(self, kind: str, reference: str) -> None:
        self.kind = kind
        self.reference = reference
        super().__init__(f"{kind} {reference}: there is none in this authority")


class Conflict(SightlineError):
    """Somebody else changed the same thing first; load it again and decide again."""


class TextsErased(SightlineError):
    """What was recorded stands, but its texts cannot be read: their key was erased by somebody else at that moment.

    `children` are those whose key it was. To keep the texts, record them once more with another act.
    """

    def __init__(self, children: frozenset[str]) -> None:
        self.children = children
        named = ", ".join(sorted(children))
        super().__init__(
            f"child {named}: the key was erased while this was recorded; the act stands, what it says cannot be read: "
            "record the texts once more"
        )


class ContractError(SightlineError):
    """A fact that cannot be stored or read: the name or the body is not one we know."""

    def __init__(self, stored_name: str, reason: str) -> None:
        self.stored_name = stored_name
        self.reason = reason
        super().__init__(f"event {stored_name}: {reason}")


class BrokenHistory(SightlineError):
    """A hole or a change in what must be unbroken. Reading stops here; nothing is skipped."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = reason
        super().__init__(f"{where}: {reason}")


class RolledBack(BrokenHistory):
    """History is not what somebody has read of it: it was put back from an older backup, or its end was cut off.

    Nobody may write on it before it was put right, or the loss was accepted. `authority` is whose history it is.
    """

    def __init__(self, authority: str, reason: str) -> None:
        self.authority = authority
        super().__init__(
            f"history of {authority}",
            f"{reason}; put the newer backup back, or give up what is gone: `sightline accept-loss {authority}`",
        )


class HistoryLost(SightlineError):
    """A stream or bucket that an authority once had is gone. It is never made anew in silence.

    `missing` names what is not there.
    """

    def __init__(self, authority: str, missing: tuple[str, ...], reason: str) -> None:
        self.authority = authority
        self.missing = missing
        super().__init__(
            f"{authority}: {' and '.join(missing)} {reason}; put the backup back, or give up what is gone:"
            f" `sightline accept-loss {authority}`"
        )


class Drifted(SightlineError):
    """A stream or bucket is not as the provisioner made it."""

    def __init__(self, stream: str, setting: str, wanted: object, found: object) -> None:
        self.stream = stream
        self.setting = setting
        super().__init__(f"stream {stream}: setting {setting} is {found!r} but must be {wanted!r}")


class BeingArchived(Drifted):
    """Archived events are being removed from a stream, or were when somebody was killed: it takes nothing meanwhile."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream, "max_msg_size", wanted=-1, found=1)
        way = "if nobody is at that now, repeat `sightline archive remove`"
        self.args = (f"stream {stream}: it takes nothing while archived events are removed from it; {way}",)


class NotProvisioned(Drifted):
    """Councils have no streams at all on this server: they were never made there. `authorities` names them."""

    def __init__(self, authorities: tuple[str, ...], stream: str) -> None:
        super().__init__(stream, "exists", wanted=True, found=False)
        self.authorities = authorities
        made = "`sightline up` makes them, or the provisioner where the server is run apart (deploy/README.md)"
        self.args = (f"no streams of {', '.join(authorities)} stand on this server: {made}",)


class Unavailable(SightlineError):
    """The server or the database cannot be reached, or is not fit for us (too old, full)."""


class PolicyError(SightlineError):
    """A policy file breaks a rule. `where` is the file and line, `key` the path of the setting."""

    def __init__(self, where: str, key: str, rule: str) -> None:
        self.where = where
        self.key = key
        self.rule = rule
        super().__init__(f"{where}: {key}: {rule}")


class Unauthenticated(SightlineError):
    """Nobody knows who asks: the token is none that is taken here. Ask with another one.

    `reason` is fit for a log: it holds nothing of the token, nor of what the token says.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"token: {reason}")


class TokenExpired(Unauthenticated):
    """The token was good, and is too old now: ask the issuer for a new one."""


class IssuerUnavailable(Unavailable):
    """The issuer's keys cannot be had, so no token of it can be judged. Ask again later with the same token."""


class SettingsError(SightlineError):
    """A setting was refused; the message names it and the rule."""
