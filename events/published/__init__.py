"""The published language: what other services may rely on, apart from the stored events.

Whatever module of this package defines a type, it is found: to add one is to define its class here, and to say in
`projections.published` of which stored fact it tells.
"""

from importlib import import_module
from pkgutil import iter_modules

for _each in iter_modules(__path__, "events.published."):
    import_module(_each.name)
