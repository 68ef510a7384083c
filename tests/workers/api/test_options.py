"""What stands behind the question mark: a name that is none there is refused, and told what there is."""

import pytest

from events.errors import Refused
from workers.api.views import require_options


def test_what_is_no_option() -> None:
    """The refusal names the first such name, and what may be asked there."""
    require_options({"limit": "5", "texts": "shown"}, ("texts", "limit"))
    with pytest.raises(Refused) as refused:
        require_options(["limit", "sort", "order"], ("texts", "limit"))
    assert str(refused.value) == "sort: is not an option; there are texts, limit"
