"""The registers of Halton, as its framework asks for them."""

from tests.requirements.books.rows import Book, Step

MANAGERS = (
    "practice_lead irm service_manager principal_manager divisional_manager director_operational_safeguarding "
    "audit_lead qa_manager"
)
FIVE = "audit | data | feedback | practice leadership | practice review"
AREAS = f"areas: some of {FIVE}"

ROWS = (
    Book(
        "guidance",
        covers=("HAL-11",),
        names="child team",
        asks="""
            asked_as!: one of auditor | practitioner | moderator
            at_step!: one of reflection | audit | meeting | feedback | moderation | actions | closing
            audit: reference
            question!: text
        """,
        steps=(Step("answered", by="qa_manager", asks="answer!: text"),),
    ),
    Book(
        "practice_concern",
        covers=("HAL-64", "HAL-65"),
        about="team",
        names="child",
        asks="concern!: text",
        steps=(Step("acted_on", by="divisional_manager qa_team", asks="done!: text"),),
    ),
    Book(
        "oversight_note",
        covers=("HAL-48",),
        about="child",
        names="team",
        asks="""
            audit!: reference
            carries!: some of directions | tasks
            note: text
        """,
    ),
    Book(
        "supervision",
        covers=("HAL-49",),
        about="person",
        names="child team",
        asks="""
            audit!: reference
            safer!: yes or no
            outcomes!: text
        """,
    ),
    Book(
        "thematic_audit",
        covers=("HAL-17", "HAL-81"),
        names="team service",
        ahead=True,
        asks=f"""
            {AREAS}
            themes!: tags
            driven_by!: one of quality assurance activity | improvement plan
        """,
        each="seen: text",
        steps=(Step("done", asks="findings!: text"),),
    ),
    Book(
        "dip_sample",
        covers=("HAL-18", "HAL-81"),
        names="team service",
        asks=f"""
            question!: text
            occasion!: one of as needed | three months after an audit
            {AREAS}
        """,
        each="""
            answer!: one of yes | in part | no
            seen: text
        """,
        least=1,
    ),
    Book(
        "activity",
        covers=("HAL-13", "HAL-81"),
        by=MANAGERS,
        names="child person team service",
        asks=f"""
            covers!: one of somebody supervised | a team | a service area
            findings!: text
            {AREAS}
        """,
    ),
    Book(
        "management_review",
        covers=("HAL-21", "HAL-81"),
        by=MANAGERS,
        about="child",
        names="team",
        asks=f"""
            work!: one of court | child protection plan | long-running child in need plan | other open work
            findings!: text
            {AREAS}
        """,
    ),
    Book(
        "observation",
        covers=("HAL-76", "HAL-81"),
        by="practice_lead principal_manager",
        about="person",
        names="child team",
        asks=f"""
            observed!: text
            {AREAS}
        """,
        steps=(Step("reflective_feedback", asks="feedback!: text"),),
    ),
    Book(
        "reflective_session",
        covers=("HAL-40", "HAL-81"),
        by=MANAGERS,
        names="person team",
        asks=f"""
            impact!: text
            {AREAS}
        """,
    ),
    Book(
        "practice_review",
        covers=("HAL-41", "HAL-84"),
        by=MANAGERS,
        names="team service",
        asks=f"""
            family_asked!: yes or no
            feedback: text
            {AREAS}
        """,
        steps=(Step("reported", by=MANAGERS),),
    ),
    Book(
        "midway_review",
        covers=("HAL-20", "HAL-78"),
        by="iro cp_chair",
        about="child",
        names="person team",
        asks=f"""
            on_course!: yes or no
            findings!: text
            {AREAS}
        """,
    ),
    Book(
        "themed_review",
        covers=("HAL-79",),
        by=MANAGERS,
        names="team service",
        ahead=True,
        asks=f"""
            themes!: tags
            required_by!: text
            {AREAS}
        """,
        steps=(Step("done", asks="findings!: text"),),
    ),
    Book(
        "panel_finding",
        covers=("HAL-20", "HAL-80"),
        names="child team service",
        asks=f"""
            panel!: tags
            findings!: text
            {AREAS}
        """,
    ),
    Book(
        "evidence",
        covers=("HAL-20", "HAL-77", "HAL-85"),
        names="child team service",
        asks=f"""
            came_from!: one of performance data | inspection | peer review | child safeguarding practice review \
| internal safeguarding review | Practice Week | midway review | panel | family | Children in Care Council \
| Care Leavers Forum | complaint or compliment | staff | CAFCASS or legal advisers | partners
            says!: text
            themes!: tags
            {AREAS}
        """,
    ),
    Book(
        "complaint",
        covers=("HAL-83",),
        about="child",
        names="team service",
        asks="complaint: text",
        steps=(
            Step(
                "met_family",
                again=True,
                asks="""
                    face_to_face!: yes or no
                    outcome!: text
                """,
            ),
        ),
    ),
    Book(
        "learning",
        covers=("HAL-81", "HAL-97", "HAL-101", "HAL-103"),
        names="team service",
        asks=f"""
            themes!: tags
            sort!: one of good practice | area for improvement
            areas!: some of {FIVE}
            learning: text
        """,
        steps=(
            Step(
                "linked",
                again=True,
                asks=f"""
                    area!: one of {FIVE}
                    shown_by!: reference
                """,
            ),
            Step("shared", again=True, asks="with!: some of practitioners | managers | divisional manager"),
            Step(
                "sent",
                again=True,
                asks="to!: some of Corporate Learning and Development Team | Children's Partnership Board",
            ),
        ),
    ),
    Book(
        "recognition",
        covers=("HAL-102",),
        about="person",
        names="team",
        asks="""
            why!: text
            audit: reference
        """,
        steps=(Step("celebrated"),),
    ),
    Book(
        "appraisal",
        covers=("HAL-104",),
        by=MANAGERS,
        about="person",
        names="team",
        asks="""
            themes!: tags
            learning: reference
        """,
    ),
    Book(
        "leaders_case",
        covers=("HAL-25", "HAL-89", "HAL-94"),
        by="qa_team",
        about="child",
        names="team service",
        asks="""
            audit!: reference
            why: text
        """,
        steps=(Step("commented", by="senior_leadership_team", asks="comment!: text"),),
    ),
    Book(
        "inspection_grade",
        covers=("HAL-105",),
        by="qa_team",
        about="child",
        asks="""
            inspectors_grade!: one of Outstanding | Good | Requires improvement to get to Good | Inadequate
            beside_audit: reference
        """,
    ),
)
