"""The registers of Swindon in which practice is looked at and talked about, as its framework asks for them."""

from tests.requirements.books.rows import Book, Step

IMPACT = "impact: text"

ROWS = (
    Book(
        "dip_sample",
        covers=("SWI-15", "SWI-26", "SWI-27", "SWI-67", "SWI-74", "SWI-91"),
        names="team service",
        asks="""
            theme!: tags
            follows: reference
            pillars: tags
        """,
        each="seen: text",
        least=1,
        steps=(Step("evaluated", by="team_manager service_manager head_of_service", asks="evaluation!: text"),),
    ),
    Book(
        "observation",
        covers=("SWI-19", "SWI-68", "SWI-69", "SWI-70", "SWI-71"),
        about="person",
        names="child team",
        asks="""
            observed!: one of visit to a child or family | child protection conference | review meeting
            development: text
        """,
        steps=(
            Step("reflective_discussion", asks="evidence!: text"),
            Step("learning_presented", asks="presented_at!: one of team meeting | service meeting"),
        ),
    ),
    Book(
        "practice_week",
        covers=("SWI-20", "SWI-41", "SWI-47", "SWI-72", "SWI-73", "A-SWI-18"),
        by="qa_team quality_assurance_manager",
        ahead=True,
        asks="activities!: some of core group | child protection conference | review of a child looked after "
        "| Pathway Planning Meeting | multi-agency work | office or home visit | audit with a social worker "
        "| visit to a workplace",
        steps=(
            Step(
                "summary",
                by="qa_team quality_assurance_manager",
                asks="""
                    summary!: text
                    family_views: text
                """,
            ),
        ),
    ),
    Book(
        "assurance_board_meeting",
        covers=("SWI-65", "SWI-73", "SWI-92", "SWI-98", "A-SWI-12"),
        ahead=True,
        asks=f"""
            agenda!: some of summary of a Practice Week | summary report | targets | strategy \
| implications for staffing | implications for finance
            chair: one of Corporate Director of Children's Social Care
            shown: some of dashboards | ChAT
            {IMPACT}
        """,
        steps=(Step("week_presented", asks="practice_week!: reference"),),
    ),
    Book(
        "highlight_report",
        covers=("SWI-87", "A-SWI-17"),
        by="team_manager qa_team",
        about="team",
        asks="""
            sides!: number at most 3
            highlights: text
        """,
    ),
    Book(
        "meeting_observation",
        covers=("SWI-22",),
        about="person",
        names="child team",
        asks="""
            meeting!: one of conference | review | core group
            point_1!: text
            point_2!: text
            point_3!: text
            point_4!: text
            point_5!: text
        """,
    ),
    Book(
        "commissioned_audit",
        covers=("SWI-17", "SWI-67", "SWI-80"),
        by="qa_team head_of_service_ppqa quality_assurance_manager",
        names="team service",
        ahead=True,
        asks="""
            follow_up!: one of ad hoc audit | thematic audit | dip samples
            prompted_by!: one of concern | change in practice | change in the data \
| finding of a local practice review | finding of a national practice review
            directed_by: reference
            follows: reference
            question!: text
        """,
        steps=(
            Step(
                "findings",
                asks="""
                    themes!: tags
                    found!: text
                """,
            ),
        ),
    ),
    Book(
        "multi_agency_audit",
        covers=("SWI-18", "SWI-29"),
        ahead=True,
        asks="""
            audited_for!: one of MASH governance board | Safeguarding Children Partnership
            front_door: some of contacts below the threshold | consent | timeliness | feedback to referrers \
| attendance at strategy discussions | outcomes of strategy discussions and enquiries | disagreement between partners
        """,
        each="seen: text",
        steps=(
            Step("programme_agreed"),
            Step(
                "findings",
                after="programme_agreed",
                asks="""
                    themes!: tags
                    found!: text
                """,
            ),
        ),
    ),
    Book(
        "peer_review",
        covers=("SWI-21", "SWI-77"),
        ahead=True,
        asks="programme!: one of South West sector-led programme | Local Government Association | internal "
        "| commissioned from outside",
        steps=(
            Step("decided", by="senior_leadership_team", asks="go_ahead!: yes or no"),
            Step("findings", after="decided", asks="found!: text"),
        ),
    ),
    Book(
        "clinic",
        covers=("SWI-48", "SWI-65", "SWI-95", "SWI-96", "SWI-99"),
        by="service_manager head_of_service qa_team",
        names="service",
        ahead=True,
        asks=f"""
            covered: some of team performance | visits | supervision | learning from audits
            chair: one of Service Manager | Head of Service
            attended: some of practice lead | Principal Social Worker | Director, by the rota
            teams: tags
            time_for_all: yes or no
            {IMPACT}
        """,
    ),
    Book(
        "performance_board_meeting",
        covers=("SWI-65", "SWI-97"),
        by="head_of_service director qa_team",
        names="service",
        ahead=True,
        asks=f"""
            agenda!: some of consolidated highlights | data on reviews | annual audit plan | learning
            chair: one of Head of Service | Director
            attended: some of Director of Children's Social Care
            {IMPACT}
        """,
    ),
    Book(
        "terms_of_reference",
        covers=("SWI-100", "A-SWI-22"),
        by="qa_team quality_assurance_manager head_of_service_ppqa",
        asks="""
            forum!: one of practice and performance clinic | Practice and Performance Board \
| Practice and Performance Assurance Board | MASH governance board
            version!: reference
            terms!: text
        """,
    ),
    Book(
        "early_help_topic",
        covers=("SWI-23", "SWI-94"),
        by="strategic_lead_early_help early_help_coordinator operational_manager qa_team",
        names="team service",
        asks="""
            topic!: one of youth work | parenting | work with fathers
            themes!: tags
            found!: text
        """,
    ),
    Book(
        "left_care",
        covers=("SWI-118",),
        by="business_intelligence qa_team team_manager reviewing_officer",
        about="child",
        names="team service",
        asks="""
            lives_with!: one of parents | relatives or friends
            led_to_it!: tags
            analysis!: text
        """,
    ),
)
