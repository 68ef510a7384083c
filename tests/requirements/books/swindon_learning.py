"""The registers of Swindon in which voices are heard and learning is kept, as its framework asks."""

from tests.requirements.books.rows import Book, Step

THEMES = "themes: tags"

ROWS = (
    Book(
        "moderation_exercise",
        covers=("SWI-56",),
        by="qa_team quality_assurance_manager",
        asks="""
            audits!: number
            agreed!: number
            themes!: tags
        """,
    ),
    Book(
        "dispute_resolution",
        covers=("SWI-8", "SWI-60", "SWI-79"),
        by="reviewing_officer conference_chair",
        about="child",
        names="team",
        asks=f"""
            shows!: one of good practice | improvement
            level!: number at most 1
            matter!: text
            {THEMES}
        """,
        steps=(
            Step("taken_up", again=True, asks="up_to!: number at least 2"),
            Step(
                "resolved",
                asks="""
                    settled_at!: number at least 1
                    learning: text
                """,
            ),
        ),
    ),
    Book(
        "practice_review",
        covers=("SWI-62", "SWI-64", "SWI-128"),
        names="child team service",
        asks="""
            arises_from!: one of serious incident notified to Ofsted | local practice review | national practice review
            notified: date
        """,
        steps=(
            Step(
                "practice_reviewed",
                asks=f"""
                    learning!: text
                    {THEMES}
                """,
            ),
            Step("briefing_issued", after="practice_reviewed"),
            Step("briefing_taught", after="practice_reviewed briefing_issued"),
            Step("learning_arrived", after="practice_reviewed", again=True, asks="reached!: some of team | frontline"),
        ),
    ),
    Book(
        "review_quality",
        covers=("SWI-78", "SWI-79"),
        by="reviewing_officer conference_chair",
        about="child",
        names="team",
        asks="""
            review!: one of Cared for Child's Review | review of a child protection plan
            quality!: text
            themes!: tags
        """,
    ),
    Book(
        "family_feedback",
        covers=("SWI-83", "SWI-85"),
        names="child team service",
        asks=f"""
            route!: one of complaints and compliments | Children in Care Council (Raise Your Voice) \
| foster carers, through the Corporate Parenting Board | direct views
            view!: text
            told_how: yes or no
            {THEMES}
        """,
        steps=(Step("learning_drawn", asks="learning!: text"),),
    ),
    Book(
        "workforce_view",
        covers=("SWI-86",),
        names="team service",
        asks=f"""
            gathered_by!: one of staff survey | focus group | activity of the Principal Social Worker \
| exit or stay interview
            view!: text
            {THEMES}
        """,
    ),
    Book(
        "feedback_to_practitioner",
        covers=("SWI-6",),
        by="team_manager operational_manager service_manager head_of_service",
        about="person",
        asks="""
            audit: reference
            strengths!: text
            next_steps!: text
        """,
    ),
    Book(
        "reflective_talk",
        covers=("SWI-127", "A-SWI-20"),
        by="practice_lead principal_social_worker qa_team",
        names="child team",
        asks=f"""
            occasion!: one of theme | stalled case
            {THEMES}
            learning: text
        """,
    ),
    Book(
        "learning_summary",
        covers=("SWI-9", "SWI-129", "SWI-130"),
        by="principal_social_worker practice_lead",
        asks="""
            summary!: text
            themes!: tags
        """,
        steps=(
            Step("embedded", by="principal_social_worker practice_lead", again=True, asks="how!: text"),
            Step(
                "training_given",
                by="head_of_service_ppqa quality_assurance_manager principal_social_worker practice_lead",
                again=True,
                asks="places: number",
            ),
            Step(
                "shared",
                again=True,
                asks="""
                    shared_at!: one of Practice and Performance Board | Assurance Board
                    from_team!: reference
                    to_team!: reference
                """,
            ),
        ),
    ),
    Book(
        "inspection_grade",
        covers=("SWI-132",),
        by="qa_team",
        about="child",
        asks="""
            inspectors_grade!: one of Outstanding | Good | Requires improvement | Inadequate
            beside_audit: reference
        """,
    ),
)
