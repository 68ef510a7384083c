"""Reports as others see them: that one was issued, never what it says."""

from datetime import date

from events.base import Ref
from events.published.base import Published, Term


class ReportIssued(Published):
    """A report of the period from `first` to `last` was issued, for the `audience` in the framework's own words.

    `issue` counts: a further one replaces none before it. `unit` is the team or service that it is about, None for the
    whole council. Who may read it asks for it by its `record`.
    """

    name = "report.issued"
    report: Term
    period: Ref
    unit: Ref | None = None
    first: date
    last: date
    issue: int
    audience: tuple[Term, ...]

    def sentence(self) -> str:
        """Which, of which period, and for whom."""
        unit = f" of {self.unit}" if self.unit else ""
        again = f", issue {self.issue}" if self.issue > 1 else ""
        return f"Report {self.report} for {self.period}{unit} was issued{again}, for {', '.join(self.audience)}."
