"""What the form of an audit asks in each council: of which files, at which moments, and what answers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the words of the tables of registers: of every file, on its return, where nothing else is said.

    With a `!` it must be answered.
    """

    name: str
    answers: str
    covers: tuple[str, ...]
    at: tuple[str, ...] = ("return",)
    types: tuple[str, ...] = ()
    strands: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        must, kind = "!" * self.answers.startswith("!"), self.answers.removeprefix("!")
        return f"{self.name}{must}: {kind}"


PROTECTION = ("Child in need or protection",)
CARE = ("Child in care",)
LEAVER = ("Care leaver",)
EARLY_HELP = ("early help",)
FEEDBACK = ("feedback",)
WHATEVER_SHOWS = ("return", "moderation", "sign_off")
REVIEW = ("three_month_review",)

ROWS: dict[str, tuple[Asked, ...]] = {
    "torbay": (
        Asked(
            "risks",
            "some of neglect | emotional abuse | sexual abuse | physical abuse | domestic abuse"
            " | gang affiliation | sexual exploitation | criminal exploitation",
            covers=("TOR-46",),
        ),
        Asked("plan_states_objectives", "yes or no", covers=("TOR-169",)),
        Asked("voice_carried", "some of worker | line manager | review chair | nobody", covers=("TOR-128",)),
        Asked("meeting_with", "some of the team | the team manager | nobody else", covers=("TOR-75",), at=("meeting",)),
        Asked("themes", "tags", covers=("TOR-7", "TOR-84"), at=WHATEVER_SHOWS),
        Asked("lens", "tags", covers=("TOR-168", "A-TOR-20"), at=WHATEVER_SHOWS),
        Asked(
            "checked_at",
            "one of child in need review | child protection conference | review of a cared-for child",
            covers=("TOR-81", "TOR-90"),
            at=("plan_recommendations",),
        ),
    ),
    "halton": (
        # Within a day, and never before it.
        Asked("hours_to_allocation", "number at least 0 at most 24", covers=("HAL-33",)),
        Asked(
            "plans_seen",
            "some of child in need plan | child protection plan | care plan | safety plan | health plan"
            " | personal education plan | family plan",
            covers=("HAL-35",),
        ),
        Asked("difference_now", "text", covers=("HAL-36",)),
        Asked("difference_interim", "text", covers=("HAL-36",)),
        Asked("difference_long_term", "text", covers=("HAL-36",)),
        Asked("impact_since", "text", covers=("HAL-72",), at=("moderation",)),
        Asked("loop_closed", "text", covers=("HAL-75",), at=REVIEW),
        Asked("good_practice", "text", covers=("HAL-75",), at=REVIEW),
        Asked("still_to_improve", "text", covers=("HAL-75",), at=REVIEW),
        Asked("audit_judgements", "text", covers=("HAL-75",), at=REVIEW),
        Asked(
            "lawful_basis", "one of legal obligation | public task | consent | nothing was shared", covers=("HAL-106",)
        ),
        Asked("consulted", "text", covers=("HAL-107",)),
        Asked("family_told", "one of yes | no, it was not possible | there was none", covers=("HAL-107",)),
    ),
    "southwark": (
        Asked(
            "documents_on_file",
            "!some of legal order | birth certificate | photo",
            covers=("SOU-36",),
            strands=("Looked after and permanence",),
        ),
        Asked("read_and_countersigned", "!yes or no", covers=("SOU-37",)),
        Asked("seen_alone", "!yes or no", covers=("SOU-38",)),
        Asked("wishes_recorded", "!yes or no", covers=("SOU-38",)),
        Asked(
            "hours_of_provision",
            "number at least 25",
            covers=("SOU-40",),
            strands=("Help and protection", "Looked after and permanence"),
        ),
        Asked("support_until", "number at least 21 at most 25", covers=("SOU-40",), strands=("Care leavers",)),
        Asked("high_quality", "yes or no", covers=("SOU-58",), at=("closing",)),
    ),
    "east-sussex": (
        Asked("workers_part", "text", covers=("ESX-N4",)),
        Asked("enabled_by", "text", covers=("ESX-N4",)),
    ),
    "swindon": (
        Asked(
            "consent",
            "!one of given | dispensed with in proportion | dispensed with out of proportion | not recorded",
            covers=("SWI-42", "SWI-106"),
            types=("case file", "early help"),
        ),
        *(
            Asked(name, "text", covers=("SWI-38",), strands=PROTECTION)
            for name in ("workbook", "direct_work", "analysis", "decision_making")
        ),
        Asked("relationships_in_care", "text", covers=("SWI-39", "SWI-40"), strands=(*CARE, *LEAVER)),
        Asked("reunification", "text", covers=("SWI-39",), strands=CARE),
        Asked("aspiration", "text", covers=("SWI-39", "SWI-40"), strands=(*CARE, *LEAVER)),
        Asked("emotional_health", "text", covers=("SWI-39",), strands=CARE),
        Asked("pathway_planning", "text", covers=("SWI-40",), strands=LEAVER),
        Asked("support", "text", covers=("SWI-40",), strands=LEAVER),
        Asked("threshold", "text", covers=("SWI-36",), types=EARLY_HELP),
        Asked("impact_on_child", "text", covers=("SWI-36",), types=EARLY_HELP),
        Asked("progress", "text", covers=("SWI-41",), at=("reflection", "feedback")),
        *(
            Asked(name, "text", covers=("SWI-81",), at=FEEDBACK)
            for name in (
                "family_relationships",
                "reason_explained",
                "assessment_shared",
                "team_working",
                "helpful",
                "rights",
            )
        ),
        Asked("willing_to_share", "yes or no", covers=("SWI-81",), at=FEEDBACK),
    ),
}
