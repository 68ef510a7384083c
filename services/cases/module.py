"""Case lists: whom samples are drawn from."""

from services.cases.commands import ImportCases
from services.cases.decisions import import_cases
from services.cases.state import CaseList
from services.core.part import Act, Part
from services.core.record import Kind

MODULE = Part(
    name="cases", kinds=(Kind("cases", CaseList),), acts=(Act(ImportCases, import_cases, words="take in a case list"),)
)
