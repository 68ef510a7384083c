"""What is loaded later is imported at once, and runs once, at the first question for something of it."""

import subprocess
import sys
from pathlib import Path

PACKAGE = """
print("begun", flush=True)
from brought_later import part
value = part.value
"""

ASKED = """
import sys, threading
from workers.later import later

later("brought_later")
import brought_later
import brought_later.beside
print(brought_later.beside.value, "brought_later.part" in sys.modules)
asked = [threading.Thread(target=lambda: print(brought_later.value)) for _ in range(4)]
for each in asked:
    each.start()
for each in asked:
    each.join()
print("brought_later.part" in sys.modules, hasattr(brought_later, "nothing"))
from brought_later import part
print(part is sys.modules["brought_later.part"])
"""


def test_a_module_is_loaded_when_something_of_it_is_used(tmp_path: Path) -> None:
    """Not by being imported, nor by a module beside it; by several threads at once it is loaded once."""
    folder = tmp_path / "brought_later"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE)
    (folder / "part.py").write_text("value = 7\n")
    (folder / "beside.py").write_text("value = 5\n")
    said = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n") == ["5 False", "begun", *["7"] * 4, "True False", "True", ""]
