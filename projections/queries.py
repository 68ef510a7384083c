"""What all queries share: rows as typed, frozen models, and filters by equality."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json
from sqlalchemy import ColumnElement, Select, Table, select

AUDIT = "audit/"


class ViewRow(BaseModel):
    """A row as it is shown: fit for a table, and for JSON by `model_dump_json`. Sealed text stays sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def of(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """Make the model from the columns that it has fields for, and from what is worked out besides."""
        return cls(**({name: row[name] for name in cls.model_fields if name in row} | more))


def saying(body: ColumnElement[str], name: str, text: str) -> ColumnElement[bool]:
    """Whether the body of an event, as it is kept, may hold that text in a field of that name, wherever in it.

    A database finds it without any event being decoded; it may find more, and nothing less.
    """
    # Bodies are compact JSON of pydantic's, which writes what is not ASCII as it is.
    return body.contains(f'"{name}":{to_json(text).decode()}', autoescape=True)


def about_audit(audit: str) -> str:
    """Give the aggregate of an audit."""
    return AUDIT + audit


def reference(about: str) -> str:
    """Give the aggregate's own reference, without its kind."""
    return about.partition("/")[2]


def audit_of(about: str) -> str | None:
    """Give the audit that a row is about; None where it is about something else, such as a round."""
    return about.removeprefix(AUDIT) if about.startswith(AUDIT) else None


def matching(table: Table, authority: str, filters: Mapping[str, Any], heads: Table | None = None) -> Select[Any]:
    """Select the rows of one authority whose columns equal the filters. A filter that is None is not applied.

    `audit` stands for the aggregate of that audit. `heads` is a table with one row for each aggregate, whose
    columns are selected and filtered as well. KeyError for a filter that is no column.
    """
    query = select(table).where(table.c.authority == authority)
    if heads is not None:
        keys = {"authority", "about"}
        query = query.join(heads, (heads.c.authority == table.c.authority) & (heads.c.about == table.c.about))
        query = query.add_columns(*(column for column in heads.columns if column.name not in keys))
    for name, wanted in filters.items():
        if wanted is None:
            continue
        if name == "audit":
            query = query.where(table.c.about == about_audit(wanted))
        else:
            column = table.c[name] if heads is None or name in table.c else heads.c[name]
            query = query.where(column == wanted)
    return query
