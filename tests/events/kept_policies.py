"""What the kept bodies of adopted policies mean."""

from datetime import date

from events.base import Fact
from events.policies import PolicyAdopted

OF_POLICIES: dict[str, Fact] = {
    "policy.adopted.v1": PolicyAdopted(
        version="2026.1",
        framework="Quality Assurance Framework",
        since=date(2026, 4, 1),
        digest="0f" * 32,
        size=2,
        content="eNqrrgUAAXUA+Q==",
        taken_over=True,
    ),
}
