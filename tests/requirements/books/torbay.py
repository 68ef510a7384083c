"""The registers of Torbay in which practice is looked at, as its framework asks for them."""

from tests.requirements.books.rows import Book, Step

LENS = "lens: tags"
THEMES = "themes: tags"
ACTIVITIES = (
    "desk-top audit with a team manager | visit | strategy meeting | initial or review conference | core group "
    "| child in need meeting | group supervision | panel | internal transfer meeting"
)

ROWS = (
    Book(
        "practice_week",
        covers=("TOR-23", "TOR-70", "TOR-118", "TOR-119", "TOR-120", "TOR-121", "TOR-168", "A-TOR-20"),
        by="qa_team",
        ahead=True,
        asks=f"""
            activities: some of {ACTIVITIES}
            participants: some of corporate senior leadership team | cabinet | improvement board
            areas_and_tasks: text
            {LENS}
        """,
        steps=(
            Step("findings", again=True, asks="found!: text"),
            Step(
                "briefing_pack",
                by="qa_team",
                again=True,
                asks="""
                    area_and_task!: text
                    background!: yes or no
                    enclosed!: some of agendas | reports | terms of reference of panels
                """,
            ),
        ),
    ),
    Book(
        "practice_week_visit",
        covers=("TOR-101", "TOR-119", "TOR-121", "TOR-168"),
        by="qa_team",
        names="team service",
        ahead=True,
        asks=f"""
            activity: one of {ACTIVITIES}
            alternative: one of {ACTIVITIES}
            can_come: some of Monday | Tuesday | Wednesday | Thursday | Friday
            {LENS}
        """,
    ),
    Book(
        "desktop_audit",
        covers=("TOR-23", "TOR-163"),
        about="child person",
        names="team service",
        asks=f"""
            practice_week!: reference
            with_manager!: reference
            discussed!: yes or no
            findings: text
            {THEMES}
            {LENS}
        """,
    ),
    Book(
        "service_scope",
        covers=("TOR-1",),
        by="qa_team",
        about="service",
        asks="""
            work!: one of social work | early help | quality assurance
            audited!: yes or no
        """,
        steps=(Step("scheduled", by="qa_team"),),
    ),
    Book(
        "themed_audit",
        covers=("TOR-16",),
        names="team service",
        ahead=True,
        asks=f"""
            themes!: tags
            interval: number
            {LENS}
        """,
        each="seen: text",
        steps=(Step("done", asks="findings!: text"),),
    ),
    Book(
        "dip_sample",
        covers=("TOR-17", "TOR-111", "TOR-112", "TOR-113"),
        names="team service",
        asks=f"""
            period_from!: date
            period_to!: date
            reference!: reference
            scope!: text
            summary!: text
            {THEMES}
            {LENS}
        """,
        each="""
            activity_1!: text
            activity_2!: text
            activity_3!: text
            activity_4!: text
            activity_5!: text
            outcomes_improved!: yes or no
        """,
        least=1,
    ),
    Book(
        "observation",
        covers=("TOR-18", "TOR-64", "TOR-110", "TOR-114", "TOR-115"),
        by="team_manager service_manager head_of_service director",
        about="person",
        names="child team service",
        asks=f"""
            event!: one of child protection conference | review of a cared-for child | child in need review \
| strategy discussion | direct work | other practice
            concern: yes or no
            {THEMES}
            {LENS}
        """,
        steps=(
            Step(
                "reviewed",
                asks="""
                    good_practice!: text
                    improvements!: text
                """,
            ),
            Step("deep_dive_done", by="qa_team"),
        ),
    ),
    Book(
        "comparable_files",
        covers=("TOR-19", "TOR-110"),
        by="qa_team",
        names="team service",
        asks=f"""
            raised_by!: one of audit | observation
            raised_in!: reference
            corrected: yes or no
            {THEMES}
            {LENS}
        """,
        each="""
            file_audited!: yes or no
            worker_heard!: yes or no
            manager_told!: yes or no
            findings: text
        """,
        least=1,
    ),
    Book(
        "plan_rating",
        covers=("TOR-13", "TOR-20", "TOR-116"),
        by="iro cp_chair",
        about="child",
        names="person team service",
        asks=f"""
            meeting!: one of care plan review | child protection conference
            rating!: one of red | amber | green
            reasons: text
            {THEMES}
            {LENS}
        """,
        steps=(
            Step(
                "shared",
                again=True,
                asks="""
                    with_worker!: yes or no
                    with_manager!: yes or no
                """,
            ),
        ),
    ),
    Book(
        "supervision",
        covers=("TOR-65", "TOR-117", "TOR-128"),
        about="person",
        names="child team",
        asks=f"""
            recommendations_covered!: yes or no
            voice_heard: yes or no
            {LENS}
        """,
    ),
    Book(
        "supervision_audit",
        covers=("TOR-21", "TOR-66"),
        about="person",
        names="team service",
        asks=f"""
            manner!: one of audit | observation
            findings!: text
            {THEMES}
            {LENS}
        """,
    ),
    Book(
        "outside_learning",
        covers=("TOR-22", "TOR-126"),
        names="service",
        asks=f"""
            came_from!: one of multi-agency audit | local practice review | national practice review
            took_part: yes or no
            learning!: text
            themes!: tags
            {LENS}
        """,
    ),
)
