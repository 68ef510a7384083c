"""Key buckets as they were made in the first days, and the guards that they lacked."""

from collections.abc import Mapping
from typing import Any

from nats.aio.client import Client

from events.errors import Drifted
from services.log import Log
from services.store.source import api

log = Log(__name__)

Config = Mapping[str, Any]

FIRST_KEYS: Config = {
    "max_msgs_per_subject": 8,
    "discard_new_per_subject": False,
    "allow_rollup_hdrs": True,
    "allow_atomic": False,
    "deny_purge": False,
}
"""How key buckets were made in the first days: one message with a roll-up could destroy every key in them."""


async def guard_keys(client: Client, config: Config, *, within: float) -> None:
    """Give a key bucket that is as it was made in the first days the guards of today, and log that.

    Exactly that change and no other. Drifted, with nothing changed, where an entry has older revisions: the new limit
    would drop them, and what is dropped can no longer be overwritten (`JetStreamBucket.tidy` does that first).
    """
    if not config["name"].startswith("KV_"):
        return
    info = await api(client, f"STREAM.INFO.{config['name']}", within=within)
    live, state = info["config"], info["state"]
    if any((live.get(setting) or None) != (was or None) for setting, was in FIRST_KEYS.items()):
        return
    if older := state["messages"] - state.get("num_subjects", 0):
        found = f"8, and {older} older revisions would be dropped without being overwritten"
        raise Drifted(config["name"], "max_msgs_per_subject", 1, found)
    wanted = {**live, **{setting: config[setting] for setting in FIRST_KEYS}}
    await api(client, f"STREAM.UPDATE.{config['name']}", wanted, within=within)
    log.warning("key bucket guarded", stream=config["name"], settings=sorted(FIRST_KEYS))
