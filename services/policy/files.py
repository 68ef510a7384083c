"""What stands in the files of a policy alone, and not in what is adopted of them."""

from typing import Annotated

from pydantic import StringConstraints

from services.policy.part import Part


class Files(Part):
    """What the files of a policy say beside the policy itself: the base that they extend (see `bases`)."""

    extends: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")] | None = None
