"""Children: the powers over their keys, which no command gives."""

from services.core.part import Part

ERASE, HOLD, RELEASE = "child.erase", "child.hold", "child.release_hold"

"""What a policy gives to the roles that may; where it says nothing of one of them, nobody may."""

MODULE = Part(name="children", powers=(ERASE, HOLD, RELEASE))
