"""Who opened which texts. Each reading has a record of its own, `reads/<id>`, and fills no audit's history."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from events.base import Fact, Label

Door = Literal["cli", "http", "message"]
"""Through what somebody read: the command line, the HTTP API, or a message."""


class OpenedRecord(BaseModel):
    """The texts of one record that were opened: the names of their fields, and nothing of what they say."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    record: Label
    fields: tuple[Label, ...]


class TextsOpened(Fact):
    """Somebody was given texts to read, of these records, in the role that the envelope names. Each time is told of."""

    stored_name = "texts.opened.v1"
    acts = ("texts.open",)
    door: Door
    opened: tuple[OpenedRecord, ...]

    def sentence(self) -> str:
        records = len(self.opened)
        return f"Texts of {records} {'record' if records == 1 else 'records'} were opened ({DOORS[self.door]})."


DOORS: dict[Door, str] = {"cli": "command line", "http": "HTTP API", "message": "by message"}
