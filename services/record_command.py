"""Commands about a record of any kind, as the components have them: how such a command names its record.

An audit is named by its reference alone, as people name it; whatever else by its kind and reference.
"""

from collections.abc import Callable
from typing import Annotated, ClassVar, Self

from pydantic import AliasChoices, Field, model_validator

from events.base import Ref
from services.core.command import Command, RecordRef, StoredAs

FORMERLY = "matter"
"""What `record` was called at first. Lines of history say it: it is read as `record`, and written nowhere."""

OtherRecord = Annotated[RecordRef | None, StoredAs(FORMERLY), Field(validation_alias=AliasChoices("record", FORMERLY))]
"""The field of a command that names its record, where that is no audit. Nobody may give both of its names."""


class RecordCommand(Command):
    """A command about a record of any kind: it names either an `audit` or another one as `record`."""

    audit: Ref | None = Field(default=None, description="The audit, such as TOR-007.")
    record: OtherRecord = Field(
        default=None, description="Instead of an audit: dispute/<ref>, entry/<ref> or task/<name>-<month>."
    )

    NAMED_BY: ClassVar = ("audit", "record")

    @staticmethod
    def naming(record: str) -> dict[str, str]:
        """The field of a command that names a record: an audit by its reference alone, another with its kind."""
        kind, _, reference = record.rpartition("/")
        return {"audit": reference} if kind in {"", "audit"} else {"record": record}

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.audit is None) == (self.record is None):
            raise ValueError("name either `audit` or `record`, and not both")
        if self.record and self.record.startswith("audit/"):
            raise ValueError("an audit is named as `audit`: said in two ways, one act would be two")
        return self

    def under_stored_names(self, stored: Callable[[str], str]) -> Self:
        """The command with its record under the stored name."""
        named = self.record and stored(self.record)
        return self if named == self.record else self.model_copy(update={"record": named})

    @property
    def aggregate(self) -> str:
        """The record that it names."""
        return self.record or f"audit/{self.audit}"
