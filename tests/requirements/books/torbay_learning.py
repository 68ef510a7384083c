"""The registers of Torbay in which a year is reviewed, voices are heard and learning is kept, as its framework asks."""

from tests.requirements.books.rows import Book, Step

LENS = "lens: tags"
THEMES = "themes: tags"
ACADEMY = "principal_social_worker head_of_learning_academy learning_academy"

ROWS = (
    Book(
        "service_performance_review",
        covers=("TOR-67", "TOR-108", "TOR-131", "TOR-148"),
        about="service",
        ahead=True,
        asks=LENS,
        steps=(
            Step(
                "moved",
                again=True,
                asks="""
                    moved_to!: date
                    moved_for!: one of inspection | another reason
                """,
            ),
            Step(
                "held",
                asks="""
                    feedback_by!: tags
                    feedback_says!: text
                """,
            ),
            Step("challenged", by="cscslt director", after="held", asks="challenge!: text"),
            Step("action_plan", after="held", asks="plan!: text"),
        ),
    ),
    Book(
        "self_assessment",
        covers=("TOR-68",),
        ahead=True,
        asks=LENS,
        steps=(Step("updated"), Step("regional_challenge"), Step("annual_conversation")),
    ),
    Book(
        "area_reaudit",
        covers=("TOR-71", "TOR-109", "A-TOR-16"),
        by="qa_team",
        names="team service",
        ahead=True,
        asks=f"""
            themes!: tags
            {LENS}
        """,
        each="seen: text",
        steps=(
            Step(
                "reported",
                asks="""
                    campaigns!: text
                    remedial_action!: text
                """,
            ),
        ),
    ),
    Book(
        "survey",
        covers=("TOR-72", "TOR-130"),
        asks=f"""
            which!: one of pledge survey | another survey
            asked!: some of cared-for young people | care-experienced young people
            replies: number
            results!: text
            {THEMES}
            {LENS}
        """,
    ),
    Book(
        "group_feedback",
        covers=("TOR-125", "TOR-129"),
        asks=f"""
            group!: one of Cared for Children's Council | young inspectors | another group
            feedback!: text
            {THEMES}
            {LENS}
        """,
    ),
    Book(
        "complaints_report",
        covers=("TOR-14", "TOR-132"),
        by="complaints_officer",
        asks=f"""
            complaints!: number
            compliments!: number
            outcomes!: text
            {THEMES}
            {LENS}
        """,
        steps=(Step("published", by="complaints_officer"),),
    ),
    Book(
        "provider_check",
        covers=("TOR-99", "TOR-123", "TOR-125"),
        about="subject",
        names="child person team",
        asks=f"""
            looked_at!: some of inspection report | regulation 44 report | references | statement of purpose \
| insurance | social worker's visit before placement
            rating: one of outstanding | good | requires improvement | inadequate
            inspections: number at least 2
            young_inspectors: yes or no
            findings: text
            {LENS}
        """,
        steps=(
            Step("action_plan_sought"),
            Step("immediate_visit", by="practitioner advanced_practitioner", asks="outcome!: text"),
            Step("oversight", by="service_manager head_of_service director"),
            Step(
                "move_considered",
                asks="""
                    decision!: yes or no
                    reasons!: text
                """,
            ),
        ),
    ),
    Book(
        "contract_monitoring",
        covers=("TOR-124",),
        about="subject",
        names="service",
        asks=f"""
            findings!: text
            {LENS}
        """,
    ),
    Book(
        "learning_point",
        covers=("TOR-8", "TOR-107", "TOR-161", "TOR-163", "TOR-164", "TOR-165", "TOR-166"),
        names="team service",
        asks=f"""
            themes!: tags
            sort!: one of area for improvement | good work
            seen_in: some of audit | themed audit | dip sample | observation | plan rating | supervision \
| complaint or compliment | feedback | outside learning
            told_as: one of appreciative enquiry | case study
            workforce_plans: some of workforce development | recruitment and retention
            learning: text
            {LENS}
        """,
        steps=(
            Step("agreed", by="head_of_learning_academy head_of_service", again=True),
            Step(
                "disseminated",
                again=True,
                asks="where!: some of whole department | practice improvement forum | management meeting "
                "| team meeting | briefing note | training",
            ),
            Step(
                "fed_into",
                again=True,
                asks="taken_up!: some of auditors | practitioners | focus of later audits "
                "| focus of later observations",
            ),
            Step(
                "practice_changed",
                asks="""
                    evidence!: text
                    seen_again_in!: reference
                """,
            ),
        ),
    ),
    Book(
        "learning_campaign",
        covers=("TOR-9", "TOR-162"),
        by=ACADEMY,
        ahead=True,
        asks=f"""
            themes!: tags
            audience!: tags
            aim: text
            {LENS}
        """,
        steps=(
            Step(
                "impact",
                by=ACADEMY,
                asks="""
                    worked!: yes or no
                    measured!: text
                """,
            ),
        ),
    ),
    Book(
        "management_meeting",
        covers=("TOR-154",),
        names="service",
        asks=f"""
            messages!: text
            {THEMES}
            {LENS}
        """,
        steps=(Step("cascaded", by="team_manager", again=True, asks="team!: reference"),),
    ),
    Book(
        "inspection_grade",
        covers=("TOR-167",),
        by="qa_team",
        about="child",
        asks="""
            inspectors_grade!: one of Exceeds Good | Meets Good | Does Not Meet Good \
| Does Not Meet Good – escalate immediately
            beside_audit: reference
        """,
    ),
)
