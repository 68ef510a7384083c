"""A story as a page: the same blocks as a report's, for whoever writes HTML."""

from datetime import date

from services.clock import day_in_words, instant_in_words, local_date
from workers.asking.words import record
from workers.reports.page import AsAt, Column, Note, Report, Row, Section, Table, Words
from workers.story.books import Books
from workers.story.telling import Beat, Loose, Story

HAPPENED = (
    "when it happened",
    "when it was recorded",
    "who",
    "what",
    "in their words",
    "what followed",
    "who was told",
)
TO_BE_DONE = ("by whom", "by when", "how it stands")


def on_paper(books: Books, story: Story, *, name: str, position: int, as_at: AsAt = AsAt()) -> Report:  # noqa: B008 - frozen
    """The story as a page, with what happened and how its loop stands."""
    days = [local_date(each.occurred) for each in story.beats] or [books.today]
    return Report(
        authority=books.authority,
        name=name,
        title=f"The story of {story.title}",
        source=(),
        made_by="",
        audience=(),
        first=min(days),
        last=max(days),
        as_at=as_at,
        policy_version=books.policies.in_force(books.today).version,
        position=position,
        sections=sections_of(story),
    )


def sections_of(story: Story) -> tuple[Section, ...]:
    """The two parts of every story: what it has come to, and how."""
    return (
        Section(key="loop", title="How the loop stands", blocks=(Note(text=story.ending), _loop(story))),
        Section(key="happened", title="What happened", blocks=(_happened(story),)),
    )


def _happened(story: Story) -> Table:
    rows = tuple(
        Row(
            title=str(beat.number),
            cells=tuple(Words(text=text, names=True) for text in _cells(beat, several=len(story.about) > 1)),
        )
        for beat in story.beats
    )
    columns = tuple(Column(title=title) for title in HAPPENED)
    return Table(key="happened", title="In the order in which it happened", stub="no.", columns=columns, rows=rows)


def _cells(beat: Beat, *, several: bool) -> tuple[str, ...]:
    return (
        instant_in_words(beat.occurred),
        f"{instant_in_words(beat.recorded)}{', from an import' if beat.imported else ''}",
        f"{beat.actor}, {beat.role}{f' (unverified: {beat.doubt})' if beat.doubt else ''}",
        f"{record(beat.about)}: {beat.sentence}" if several else beat.sentence,
        "\n".join(f"{name.replace('_', ' ')}: {text}" for name, text in beat.texts.items()),
        "\n".join(follows(beat)),
        "\n".join(beat.told),
    )


def follows(beat: Beat) -> list[str]:
    """What it followed from, and what was written with it elsewhere."""
    cause = [] if beat.because is None else [f"follows from {beat.because}"]
    return [*cause, *beat.elsewhere]


def _loop(story: Story) -> Table:
    rows = tuple(Row(title=_what(each, story), cells=_words(each)) for each in story.loop)
    columns = tuple(Column(title=title) for title in TO_BE_DONE)
    return Table(key="loop", title="What was to be done", stub="what", columns=columns, rows=rows)


def _what(loose: Loose, story: Story) -> str:
    return f"{record(loose.about)}: {loose.what}" if len(story.about) > 1 else loose.what


def _words(loose: Loose) -> tuple[Words, ...]:
    return (Words(text=loose.owner, names=True), Words(text=_day(loose.due)), Words(text=loose.state))


def _day(day: date | None) -> str:
    return "no day" if day is None else day_in_words(day)
