"""Which reports the files beside this tell of: of which period, and of which unit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A report with the clauses that ask for what it says."""

    name: str
    covers: tuple[str, ...]
    period: str = "2026-03"
    unit: str | None = None


PAGES: dict[str, tuple[Page, ...]] = {
    "torbay": (
        Page("audit_highlight", covers=("TOR-133", "TOR-135", "TOR-150", "TOR-151")),
        Page("thematic_practice", covers=("TOR-134", "TOR-135", "TOR-151"), period="2025-Q4"),
        Page("performance_compendium", covers=("TOR-137", "TOR-149")),
        Page("self_assessment", covers=("TOR-144",), period="2025-H2", unit="S-1"),
        Page("campaigns_and_impact", covers=("TOR-142", "TOR-143"), period="2025-Q4"),
        Page("briefing_note", covers=("TOR-146",)),
        Page("complaints_and_compliments", covers=("TOR-147",), period="2025-Q4"),
        Page("improvement_board", covers=("TOR-138", "TOR-150")),
        Page("corporate_parenting", covers=("TOR-139", "TOR-152")),
        Page("iro_annual", covers=("TOR-116", "TOR-139"), period="2025"),
        Page("key_indicators", covers=("TOR-140",), period="2025"),
        Page("members_and_scrutiny", covers=("TOR-140", "TOR-153")),
        Page("inspection_evidence", covers=("TOR-167",)),
    ),
    "halton": (
        Page("audits", covers=("HAL-87", "HAL-90", "HAL-96")),
        Page("quality_assurance", covers=("HAL-14", "HAL-91")),
        Page("performance_accountability", covers=("HAL-88", "HAL-90"), period="2026-02"),
        Page("team_overview", covers=("HAL-12", "HAL-92"), unit="T-1"),
        Page("service_overview", covers=("HAL-12", "HAL-92"), unit="S-1"),
        Page("action_status", covers=("HAL-6", "HAL-71", "HAL-93", "HAL-95")),
        Page("cases_for_leaders", covers=("HAL-25", "HAL-89", "HAL-94")),
        Page("collated_learning", covers=("HAL-97", "HAL-103")),
    ),
    "southwark": (
        Page("service_audits", covers=("SOU-7", "SOU-88"), unit="S-1"),
        Page("service_outcomes", covers=("SOU-89",), period="2025-Q4", unit="S-1"),
        Page("quarterly_findings", covers=("SOU-90", "SOU-99"), period="2025-Q4"),
        Page("practice_groups", covers=("SOU-6", "SOU-98"), period="2025-Q4"),
        Page("reviewing_officers_annual", covers=("SOU-4", "SOU-91", "SOU-104", "SOU-105"), period="2025"),
        Page("conference_chairs_annual", covers=("SOU-4", "SOU-92"), period="2025"),
        Page("designated_officer_annual", covers=("SOU-92",), period="2025"),
        Page("activity_and_issues", covers=("SOU-46", "SOU-93"), period="2026-02"),
        Page("childrens_rights", covers=("SOU-9", "SOU-94"), period="2025-Q4"),
        Page("pledge", covers=("SOU-86",), period="2025"),
        Page("complaints_of_quarter", covers=("SOU-95",), period="2025-Q4"),
        Page("complaints_of_year", covers=("SOU-95",), period="2025"),
        Page("senior_observations", covers=("SOU-96",)),
        Page("speakerbox_annual", covers=("SOU-97",), period="2025"),
        Page("service_quality", covers=("SOU-100",)),
        Page("safeguarding_board", covers=("SOU-101",)),
        Page("change", covers=("SOU-73",), period="2025-Q4"),
    ),
    "east-sussex": (
        Page("om_feedback", covers=("ESX-N16", "ESX-N22"), unit="T-1"),
        Page("peer_feedback", covers=("ESX-3.15", "ESX-N24"), unit="T-9"),
        Page("review_evidence", covers=("ESX-N40",), period="2025"),
        Page("annual_review", covers=("ESX-5.1", "ESX-N37")),
        Page("early_help_review", covers=("ESX-5.2",)),
    ),
    "swindon": (
        Page("team_highlights", covers=("SWI-87",), unit="T-1"),
        Page("service_highlights", covers=("SWI-88",), unit="S-1"),
        Page("assurance_summary", covers=("SWI-89",)),
        Page("assurance_dashboard", covers=("SWI-92",)),
        Page("team_dashboard", covers=("SWI-93",), unit="T-1"),
        Page("review_practice", covers=("SWI-49", "SWI-90")),
        Page("reviewing_officers_annual", covers=("SWI-90",), period="2025"),
        Page("practice_week", covers=("SWI-73",)),
        Page("mash_board", covers=("SWI-75", "SWI-102")),
        Page("joint_inspection", covers=("SWI-76",)),
        Page("self_assessment", covers=("SWI-91",)),
        Page("early_help_youth_work", covers=("SWI-23", "SWI-94"), period="2025"),
        Page("early_help_parenting", covers=("SWI-23", "SWI-94"), period="2025"),
        Page("early_help_fathers", covers=("SWI-23", "SWI-94"), period="2025"),
        Page("inspection_data", covers=("SWI-132",)),
    ),
}
