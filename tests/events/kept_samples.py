"""What the kept bodies of months, and of the samples drawn in them, mean."""

from events.base import Fact
from events.sampling import FileModerated, FileSelected, FileWithdrawn, ReturnCounted, SampleDiscussed, SampleDrawn

OF_SAMPLES: dict[str, Fact] = {
    "month.file_selected.v1": FileSelected(audit="A-1", audit_type="full", team="T-1"),
    "month.return_counted.v1": ReturnCounted(audit="A-1", audit_type="full", grade="Good", service="S-1"),
    "month.file_moderated.v1": FileModerated(
        audit="A-1", audit_type="full", grade="Good", every="quarter", period="2026-Q1", service="S-1"
    ),
    "month.file_withdrawn.v1": FileWithdrawn(audit="A-1"),
    "sample.discussed.v1": SampleDiscussed(purpose="discussion", month="2026-01", participants=("P-4", "P-9")),
    "sample.drawn.v1": SampleDrawn(
        purpose="discussion",
        month="2026-01",
        frame=("A-1", "A-2", "A-3"),
        always=("A-3",),
        size=1,
        seed="5eed",
        chosen=("A-1", "A-3"),
    ),
}
