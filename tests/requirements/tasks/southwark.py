"""The tasks of Southwark, as its framework asks for them: by whom, how often, about whom, and with what."""

from tests.requirements.tasks.rows import MONTH, QUARTER, YEAR, About, Clock, Owed

THERE = (("P-RO", "reviewing_officer", None), ("P-RO2", "reviewing_officer", None))
GROUPS = tuple(About(f"T-{number}") for number in range(1, 7))
OFFICERS = (About("P-RO", "P-RO"), About("P-RO2", "P-RO2"))

ROWS = (
    # One of each practice group is selected; whether it is done in time is another matter.
    Owed(
        "file_of_each_group",
        "performance_team",
        (Clock(MONTH, audit="case file", named="team", when="allocated"),),
        GROUPS,
        covers=("SOU-23",),
    ),
    Owed(
        "peer_observations",
        "reviewing_officer",
        (Clock(YEAR, book="chair_observation", count=2, said={"programme": "peer observation"}),),
        OFFICERS,
        covers=("SOU-19", "SOU-76", "A-SOU-13"),
    ),
    Owed(
        "performance_meetings",
        "director",
        (Clock(QUARTER, book="performance_meeting", steps=("findings_presented",)),),
        covers=("SOU-43", "SOU-90", "SOU-99"),
    ),
    Owed("chairs_meetings", "head_of_qa", (Clock(MONTH, book="chairs_meeting"),), covers=("SOU-44",)),
    Owed("service_days", "head_of_qa", (Clock(YEAR, book="service_day"),), covers=("SOU-45",)),
)
