"""A letter as an e-mail, the same bytes for every attempt: its Message-ID follows from its identity."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from services.deliveries.letters import Letter


def as_email(letter: Letter, sender: str, at: datetime | None = None) -> EmailMessage:
    """The e-mail. Nothing in it but the address is about a person."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Message-ID"] = message_id(letter, sender)
    if at is not None:
        message["Date"] = at
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    return message


def message_id(letter: Letter, sender: str) -> str:
    """The Message-ID: by it a mail server, or a person, tells that two copies are one message."""
    return f"<{letter.identity}.{letter.authority}@{sender.rpartition('@')[2].rstrip('>')}>"
