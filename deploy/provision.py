#!/usr/bin/env python3
"""Creates the streams and key buckets that are missing for every council with a policy; run as the provisioner.

A repeat creates nothing, and what is there is never changed, but for how large a history may grow
(`SIGHTLINE_HISTORY_BYTES`): a stream that is not as it must be ends this with its name and the setting.
Settings are those of every Sightline process (`SIGHTLINE_NATS`, `SIGHTLINE_REPLICAS`, …).
"""

import asyncio
import sys

from events.errors import SightlineError
from services.settings import read_settings
from workers.running.preparing import prepare

if __name__ == "__main__":
    try:
        created = asyncio.run(prepare(read_settings()))
    except SightlineError as error:
        sys.exit(f"provision: {error}")
    sys.stdout.write("".join(f"created {name}\n" for name in created) or "everything is there already\n")
