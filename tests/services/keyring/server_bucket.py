"""A bucket on a real server, as the provisioner makes it or with some settings changed."""

import json

from services.store.link import Link
from services.store.provisioner import Layout
from tests.stores import PATIENCE


def make_bucket(link: Link, authority: str, **settings: object) -> None:
    """Create it, or fail with the server's reason."""
    config = {**Layout().keys(authority), **settings}
    request = json.dumps({name: value for name, value in config.items() if value is not None})
    answer = link.run(
        link.client.request(f"$JS.API.STREAM.CREATE.{config['name']}", request.encode(), timeout=PATIENCE)
    )
    assert "error" not in json.loads(answer.data), answer.data
