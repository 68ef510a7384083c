"""The registers of Southwark, as its framework asks for them."""

from tests.requirements.books.rows import Book, Step

OBSERVERS = "practice_group_lead head_of_service director executive_director head_of_qa"
THEMES = "themes: tags"

ROWS = (
    Book(
        "practice_observation",
        covers=("SOU-16", "SOU-74"),
        by=OBSERVERS,
        about="person",
        names="child team service",
        ahead=True,
        asks="observer!: one of manager | senior manager",
        steps=(Step("reported", by=OBSERVERS, asks="seen!: text"),),
    ),
    Book(
        "chair_observation",
        covers=("SOU-4", "SOU-19", "SOU-20", "SOU-21", "SOU-75", "SOU-76"),
        by="head_of_qa reviewing_officer",
        about="person",
        ahead=True,
        asks="""
            programme!: one of regular observation | peer observation | peer observation with another borough
            seen: text
        """,
        steps=(Step("overseen", by="head_of_qa", asks="comment: text"),),
    ),
    Book(
        "multi_agency_audit",
        covers=("SOU-17", "SOU-70", "SOU-77"),
        by="audit_learning_subgroup head_of_qa",
        asks="""
            agencies!: tags
            findings: text
        """,
        each="seen: text",
        least=1,
        steps=(
            Step("passed_to_agency", again=True, asks="agency!: tags"),
            Step("found_effective", by="audit_learning_subgroup", asks="effect!: text"),
        ),
    ),
    Book(
        "case_review",
        covers=("SOU-18", "SOU-71", "SOU-78", "SOU-79", "SOU-111"),
        by="case_review_subgroup head_of_qa",
        names="child",
        asks="ground!: one of criteria of a serious case review | near miss",
        steps=(
            Step("independent_review", asks="purpose: text"),
            Step(
                "reported",
                asks="""
                    findings!: text
                    action_plan!: text
                """,
            ),
            Step(
                "monitored",
                after="reported",
                again=True,
                asks="""
                    organisation!: tags
                    progress!: text
                """,
            ),
            Step("learning_summary", asks="learning!: text"),
            Step(
                "learning_shared",
                after="learning_summary",
                again=True,
                asks="shared_at!: one of Annual Service Day | another network",
            ),
        ),
    ),
    Book(
        "deep_dive",
        covers=("SOU-14",),
        asks="""
            aspect!: tags
            data_question!: text
            themes!: tags
            journey!: tags
        """,
        each="seen: text",
    ),
    Book(
        "quality_check",
        covers=("SOU-22", "SOU-81"),
        names="child person team",
        asks="""
            made_at!: one of supervision | authorisation of an assessment | child protection conference \
| review of a child looked after | fostering panel | adoption panel
            seen!: text
        """,
    ),
    Book(
        "planning_check",
        covers=("SOU-80",),
        by="reviewing_officer",
        about="child",
        asks="""
            safety!: yes or no
            requirements!: yes or no
            directions!: yes or no
            outcomes!: yes or no
            progress!: yes or no
        """,
    ),
    Book("family_meeting", covers=("SOU-87",), about="child", asks="views_sought!: yes or no"),
    Book(
        "complaint",
        covers=("SOU-10", "SOU-62", "SOU-107"),
        by="complaints_manager",
        names="child team service",
        asks=f"""
            urgent!: yes or no
            leads_to_action!: yes or no
            issue!: text
            {THEMES}
        """,
        steps=(Step("into_service_plan", asks="plan!: reference"),),
    ),
    Book(
        "views",
        covers=("SOU-82", "SOU-84", "SOU-107"),
        names="child team service",
        asks="""
            channel!: one of practice group | reviewing officer or chair around a meeting | attendance \
| feedback form | complaint or compliment | Children in Care Council (Speakerbox)
            themes!: tags
            view!: text
            youngest: number at least 5
            oldest: number at most 24
        """,
    ),
    Book(
        "advocacy_provider",
        covers=("SOU-85",),
        asks="""
            provider!: one of Barnados
            offers: text
        """,
    ),
    Book(
        "performance_meeting",
        covers=("SOU-43", "SOU-90", "SOU-99", "SOU-102"),
        ahead=True,
        steps=(
            Step(
                "findings_presented",
                by="director",
                asks="""
                    covered!: some of performance | audit findings | feedback of users | feedback of staff
                    attended: some of Operational Leads | Strategy, Planning and Performance leads \
| Head of Quality Assurance
                    observed: yes or no
                """,
            ),
        ),
    ),
    Book(
        "chairs_meeting",
        covers=("SOU-44",),
        by="reviewing_officer head_of_qa",
        asks="attended!: some of child protection chairs | reviewing officers | Advanced Practitioners "
        "| Practice Group Leads",
    ),
    Book(
        "lead_member_meeting",
        covers=("SOU-102", "SOU-103"),
        by="lead_member executive_director",
        asks="""
            met_with!: one of Strategic Director | Chief Executive
            concern: text
        """,
    ),
    Book("service_day", covers=("SOU-45", "SOU-111"), ahead=True, asks="themes!: tags"),
    Book(
        "service_plan",
        covers=("SOU-8", "SOU-68", "SOU-69"),
        by="qa_lead service_management_team head_of_service",
        about="service",
        asks="""
            findings!: text
            service_wide!: yes or no
        """,
        steps=(
            Step("implemented", by="service_management_team", asks="change!: text"),
            Step("into_strategic_plan"),
        ),
    ),
    Book(
        "action_placed",
        covers=("SOU-52", "SOU-66"),
        about="child",
        names="person",
        asks="""
            audit!: reference
            put_into!: one of electronic case file | supervision
            agreed_date!: date
        """,
    ),
    Book(
        "went_wrong",
        covers=("SOU-107", "SOU-114"),
        names="child team service",
        asks=f"""
            what!: text
            {THEMES}
        """,
        steps=(Step("response", by="practice_group_lead head_of_service director", asks="answer!: text"),),
    ),
    Book(
        "learning",
        covers=("SOU-109", "SOU-112"),
        names="team service",
        asks="""
            sort!: one of learning | success
            themes!: tags
            learning!: text
        """,
        steps=(Step("spread", again=True, asks="how!: text"),),
    ),
    Book(
        "recognition",
        covers=("SOU-110",),
        by="qa_lead",
        about="person",
        asks="""
            audit!: reference
            practice!: one of outstanding practice | good practice
        """,
    ),
    Book(
        "practice_standard",
        covers=("SOU-112",),
        asks="""
            standard!: text
            research!: text
        """,
    ),
    Book(
        "inspection_grade",
        covers=("SOU-113",),
        by="qa_lead",
        about="child",
        asks="""
            inspectors_grade!: one of Outstanding | Good | Requires improvement | Inadequate
            beside_audit: reference
        """,
    ),
)
