"""Which imports the timeline knows to have ended, and at which version of their records."""

from sqlalchemy import func, select

from events.imports import ImportClosed
from projections.generations import reading
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE


def closed_imports(source: Source, authority: str) -> dict[str, int]:
    """The version of each import's record at which it was last closed, by the record's name.

    One that was begun again since has later versions: whoever asks holds the version against those that there are.
    """
    with reading(SHAPE, source) as (db, tables):
        told = tables[ENTRIES]
        query = (
            select(told.c.about, func.max(told.c.version).label("version"))
            .where(told.c.authority == authority, told.c.stored_name == ImportClosed.stored_name)
            .group_by(told.c.about)
        )
        return {row.about: row.version for row in db.execute(query)}
