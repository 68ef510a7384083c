"""Whole messages out of what came, without the copies and the searches that the client makes for each.

Anything but a message in its plain form is left to the client's own parser, and so is one that is much larger than what
is read at a time.
"""

from typing import NamedTuple

from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

LINE_END = b"\r\n"

PATIENT = 65_536
"""Bytes of a message that may wait for its rest, and are then looked at once more; of more the client's parser keeps
account."""


class QuickParser(Parser):
    """The client's parser, with a shorter way for messages: the same calls of the client, in the same order."""

    async def parse(self, data: bytes = b"") -> None:
        """Hand on each message that is whole, and have the beginning of the next one wait. Errors are the client's."""
        if self.state != AWAITING_CONTROL_LINE or len(self.buf) > PATIENT:
            await super().parse(data)
            return
        if self.buf:
            data, self.buf = bytes(self.buf) + data, bytearray()
        at, end = 0, len(data)
        while (line_end := data.find(LINE_END, at)) >= 0:
            line = _plain(data[at:line_end])
            begins = line_end + 2
            if line is None:
                await super().parse(data[at:begins])
                at = begins
                if self.buf or self.state != AWAITING_CONTROL_LINE:  # a message after all, or what is none of anything
                    await super().parse(data[at:])
                    return
                continue
            after = begins + line.size
            if after + 2 > end:
                break
            at, body = after + 2, begins + line.headers
            headers = data[begins:body] if line.headers else None
            await self.nc._process_msg(line.sid, line.subject, line.reply, data[body:after], headers)  # noqa: SLF001 - as the client's does
        if end - at > PATIENT:
            await super().parse(data[at:])
        else:
            self.buf = bytearray(data[at:])


class _Line(NamedTuple):
    """What stands before a message: for whom it is, how many bytes follow, and how many of them are headers."""

    subject: bytes
    sid: int
    reply: bytes
    headers: int
    size: int


def _plain(line: bytes) -> _Line | None:
    """What a line says of the message that follows; None for any other line, or one that is not as servers write it."""
    match line.split(b" "):
        case [b"HMSG", subject, sid, headers, size]:
            reply = b""
        case [b"HMSG", subject, sid, reply, headers, size]:
            pass
        case [b"MSG", subject, sid, size]:
            reply, headers = b"", b"0"
        case [b"MSG", subject, sid, reply, size]:
            headers = b"0"
        case _:
            return None
    if not (subject and sid.isdigit() and headers.isdigit() and size.isdigit()):
        return None
    return _Line(subject, int(sid), reply, int(headers), int(size))
