"""Children: the powers over their keys, which no command gives."""

from services.core.part import Part

ERASE, HOLD, RELEASE = "child.erase", "child.hold", "child.release_hold"
"""What a policy gives to the roles that may; where it says nothing of one of them, nobody may."""

MODULE = Part(
    name="children",
    powers={
        ERASE: "erase the texts about a child for ever",
        HOLD: "put the texts about a child under a legal hold",
        RELEASE: "end a legal hold",
    },
)
