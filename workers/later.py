"""Modules of others that are loaded when something of them is first used, and not where somebody imports them.

For a process that does one thing and ends, of what loads more than it uses. Python's own `LazyLoader` loads a module
as soon as anybody imports it for the second time, since it takes Python's question whether it is there for a use.
It is not for a module that one thread may use first while another imports a part of it: each could wait for the other.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader


class _Later(ModuleType):
    """A module whose own code runs at the first question for something that is not there yet."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            self.__dict__["__loader__"].load(self)
        return super().__getattribute__(name)


class _LoadedLater:
    """Makes a module, and runs its code when it is told to."""

    def __init__(self, own: "Loader") -> None:
        self._own = own
        self._lock = RLock()
        self._begun = False

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Later(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""

    def load(self, module: ModuleType) -> None:
        """Run the module's code, once; another thread waits until that is done, and the code itself goes on.

        Code that fails is run again at the next use.
        """
        with self._lock:
            if not self._begun:
                self._begun = True  # the code itself asks for what stands in the module
                try:
                    self._own.exec_module(module)
                except BaseException:
                    self._begun = False
                    raise


class _Finder:
    """Finds a few modules where Python does, to be loaded later."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if found is not None and found.loader is not None:
            found.loader = _LoadedLater(found.loader)  # type: ignore[assignment]  # has what Python asks of one
        return found


def later(*names: str) -> None:
    """Load these modules, wherever they are imported from now on, only once something of them is used.

    Who imports a name of one of them uses it. Those that are loaded already stay as they are.
    """
    sys.meta_path.insert(0, _Finder(frozenset(names)))
