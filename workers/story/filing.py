"""A story as one HTML file: whole or not there, and nobody else's to read."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from events.errors import Refused


def put(file: Path, text: str) -> None:
    """Write the text to the file, in place of what was there. Refused, with that left as it was, where it cannot be."""
    try:
        with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", delete=False, encoding="utf-8") as draft:
            written = Path(draft.name)
            try:
                draft.write(text)
                draft.flush()
                os.fsync(draft.fileno())
                written.replace(file)  # a draft of this kind is its owner's alone, and so is the file from now on
            except BaseException:
                written.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Refused("html", f"{file} cannot be written: {error.strerror or error}") from error
