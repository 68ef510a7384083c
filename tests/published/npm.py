"""Packages of Node for tests, in a folder that is thrown away; a test that needs one is skipped where there is none."""

import shutil
import subprocess
from pathlib import Path

import pytest

WITHIN = 180


def node() -> str:
    """The Node of this machine."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no node on this machine")
    return found


def installed(folder: Path, *packages: str) -> Path:
    """The folder, with the packages installed in it. The test is skipped where npm is missing or cannot have them."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}')
    command = [npm, "install", "--no-audit", "--no-fund", "--no-save", *packages]
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=WITHIN)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not bring {packages} in {WITHIN} s")
    if ended.returncode:
        pytest.skip(f"npm cannot have {packages}: {ended.stderr.strip().splitlines()[-1:]}")
    return folder
