"""How far the publisher has read each history, kept beside the halts: a checkpoint that saves reading, no more.

What was published says by itself how far it goes; this one tells that what follows it published nothing.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Engine, MetaData, String, Table, select

from projections.store import answering, make_tables, upsert, writing

PUBLISHER = "publisher"

BOOKS = MetaData()
READ = Table(
    "published_positions",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("fact", String(32), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything through `position` was told; `fact` is the opaque id of the event there."""

    position: int
    fact: str


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "published")


def keep(engine: Engine, authority: str, checkpoint: Checkpoint) -> None:
    """Keep the checkpoint in the place of the former one."""
    with writing(engine) as db:
        row = {"authority": authority, "position": checkpoint.position, "fact": checkpoint.fact}
        db.execute(upsert(READ, db.dialect.name), row)


def kept(engine: Engine, authority: str) -> Checkpoint:
    """The checkpoint of an authority; position 0 where there is none."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        row = db.execute(select(READ.c.position, READ.c.fact).where(READ.c.authority == authority)).one_or_none()
    return Checkpoint(row.position, row.fact) if row else Checkpoint(0, "")
