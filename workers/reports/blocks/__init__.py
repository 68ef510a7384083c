"""How each block is made: a module each with `MAKES`, the block of the policy, and `make`. Found, not listed."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from services.policy.blocks.block import ReportBlock
from workers.reports.material import Material
from workers.reports.page import Block

Maker = Callable[[Any, str, Material], tuple[Block, ...]]
"""Makes what a block shows: from the block of the policy, the key before those of its figures, and the material."""


@cache
def makers() -> Mapping[type[ReportBlock], Maker]:
    """The makers by the block that each is for."""
    found = [import_module(each.name) for each in iter_modules(__path__, f"{__name__}.")]
    return {each.MAKES: each.make for each in found}
