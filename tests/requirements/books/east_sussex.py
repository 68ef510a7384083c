"""The registers of East Sussex, as its framework asks for them."""

from tests.requirements.books.rows import Book, Step

FIELD = "field!: one of social care | early help"

ROWS = (
    Book(
        "account_given",
        covers=("ESX-1.2",),
        by="lead_member dcs",
        asks="""
            given_to!: some of Corporate Management Team | Cabinet | Scrutiny Committee | Senior Management Team \
| Children and Young People's Trust Executive Group | Corporate Parenting Panel | Local Safeguarding Children Board
            responsibility!: one of political | professional and operational
            critical_shared: some of inside the council | partners
        """,
    ),
    Book(
        "considered_function",
        covers=("ESX-1.3",),
        by="lead_member dcs chief_executive",
        asks="""
            post!: one of Lead Member | Director of Children's Services
            considered!: text
        """,
        steps=(Step("function_added"),),
    ),
    Book(
        "briefing",
        covers=("ESX-1.4",),
        by="dcs",
        asks="""
            briefed!: some of Chief Executive | lead members
            quality!: text
            weaknesses: text
        """,
    ),
    Book(
        "effectiveness",
        covers=("ESX-N3",),
        by="ad_early_help head_of_service",
        about="service",
        asks="effective!: text",
    ),
    Book(
        "supervision_check",
        covers=("ESX-N8", "ESX-3.1", "ESX-3.2", "ESX-3.3", "ESX-3.4"),
        by="ad_safeguarding head_of_service operations_manager",
        about="person",
        asks="""
            frequent!: yes or no
            decisions!: yes or no
            development!: yes or no
            challenge!: yes or no
            found: text
        """,
    ),
    Book(
        "record_check_report",
        covers=("ESX-3.12", "A-ESX-23"),
        by="head_of_service",
        asks="""
            report!: one of quarterly | annual
            bears_on_safeguarding!: yes or no
            results!: text
            action_plan!: text
        """,
    ),
    Book(
        "themed_audit",
        covers=("ESX-4.3", "ESX-4.5", "ESX-4.6", "ESX-N9"),
        by="head_of_safeguarding ad_early_help qa_team",
        asks=f"""
            {FIELD}
            origin!: one of commissioned | themed
            area!: tags
            tool!: text
        """,
        each="seen: text",
        steps=(
            Step(
                "reported",
                asks="""
                    results!: text
                    action_plan!: text
                """,
            ),
        ),
    ),
    Book(
        "regulation_33_visit",
        covers=("ESX-4.4", "ESX-N33"),
        about="subject",
        asks="""
            findings!: text
            recommendations: text
        """,
        steps=(Step("sent_to_ofsted"),),
    ),
    Book(
        "outside_review",
        covers=("ESX-4.12", "ESX-N27", "ESX-N46", "ESX-N48"),
        by="head_of_safeguarding",
        asks="""
            review!: one of statutory inspection | serious case review | management review
            recommendations!: text
        """,
        steps=(
            Step("bodies_updated", again=True, asks="updated!: some of CSCMT | Joint Divisional Meeting | SMT | LSCB"),
            Step("learning_event", again=True, asks="learned!: text"),
            Step("used_in_preparation", again=True, asks="prepared!: text"),
        ),
    ),
    Book(
        "peer_review",
        covers=("ESX-4.13", "ESX-N11"),
        about="subject",
        asks="""
            two_days!: yes or no
            file_audit!: yes or no
            discussion!: yes or no
            practice_observed!: yes or no
            user_feedback!: yes or no
            early_help_support: yes or no
            findings!: text
        """,
    ),
    Book(
        "finding",
        covers=("ESX-5.1", "ESX-5.2", "ESX-N47"),
        names="child team service",
        asks=f"""
            {FIELD}
            themes!: some of agency working | family history and chronologies | child seen and heard \
| fathers, partners and males | multi-agency review of plans | reflective supervision \
| learning from complaints, feedback and audit
            finding!: text
            task: reference
        """,
    ),
    Book(
        "annual_review",
        covers=("ESX-5.1", "ESX-N38", "ESX-N39"),
        by="head_of_safeguarding qa_team",
        asks="key_findings!: text",
        steps=(Step("action_plan", asks="plan!: text"), Step("communicated", again=True, asks="told!: text")),
    ),
    Book(
        "workshop",
        covers=("ESX-N45",),
        ahead=True,
        asks="""
            offered_as!: one of part of the training programme | workshop on an emerging theme
            from_themes!: tags
        """,
    ),
    Book(
        "service_standard",
        covers=("ESX-N49", "ESX-N50"),
        asks="""
            drawn_from!: some of views of users | corporate sources | national sources | research
            standard!: text
        """,
        steps=(
            Step("work_reviewed", again=True, asks="work!: text"),
            Step("system_audited", after="work_reviewed", again=True, asks="system!: text"),
            Step("change_made", after="work_reviewed system_audited", again=True, asks="change!: text"),
        ),
    ),
    Book(
        "inspection_grade",
        covers=("ESX-N48",),
        by="qa_team",
        about="child",
        asks="""
            inspectors_grade!: one of Outstanding | Good | Requires improvement | Inadequate
            beside_audit: reference
        """,
    ),
)
