"""The walking path: what somebody wrote by HTTP they read by HTTP, and nobody waits for ever."""

from tests.workers.api.rig import Api, allocation


async def test_who_writes_reads_what_they_wrote(api: Api) -> None:
    """A query that waits for the position of a command shows what the command did, through the worker that keeps it."""
    async with api.rig.workers("register"), api.client() as client:
        written = await client.post(api.path("commands", "audit.allocate"), json=allocation("A-1"))
        position = written.headers["Sightline-Position"]
        answer = await client.get(api.path("views", "register"), params={"wait-for": position, "about": "audit/A-1"})
        assert answer.status_code == 200, answer.text
        [row] = answer.json()["rows"]
        assert (row["about"], row["auditor"], row["stage"]) == ("audit/A-1", "P-AUD", "allocated")
        assert "authority" not in row
