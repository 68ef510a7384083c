"""Adopting a framework: the power to say by which rules the work is decided, which no command gives."""

from services.core.part import Part

ADOPT = "policy.adopt"
"""What a policy gives to the roles that may say by which rules the work is decided."""

MODULE = Part(
    name="adoption",
    powers={ADOPT: "adopt a version of the framework, by which everything is decided from a day on"},
)
