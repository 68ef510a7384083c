"""Commands by HTTP: what is answered, what a repeat changes, and what If-Match promises."""

from tests.workers.api.rig import Api, allocation


async def test_a_command_is_carried_out_and_told(api: Api) -> None:
    """The answer names the record, its version, each event, and the position by which they are in the stream."""
    answer = await api.act("audit.allocate", allocation("A-1"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    [stored] = api.rig.history("A-1")
    assert told["result"] == "accepted"
    assert (told["record"], told["version"]) == ("audit/A-1", 1)
    first = {"type": stored.fact.stored_name, "record": "audit/A-1", "version": 1, "position": stored.position}
    assert told["events"][0] == first
    assert told["position"] == told["events"][-1]["position"] <= api.rig.system.history(api.authority).position()
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Sightline-Position"] == str(told["position"])
    assert (stored.envelope.actor, stored.envelope.role) == ("P-QA", "qa_team")
