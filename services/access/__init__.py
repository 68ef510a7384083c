"""Who asks, and that they ask for themselves: from a token to a caller, and from a caller's body to a command.

Start at `TokenReader`. What a caller may do is asked elsewhere, of the policy and the directory (`directory/may.py`).
"""

from services.access.caller import Caller
from services.access.orders import as_act, carry_out
from services.access.tokens import TokenReader

__all__ = ["Caller", "TokenReader", "as_act", "carry_out"]
