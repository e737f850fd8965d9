"""Packages whose names are imported on first use (PEP 562)."""

from importlib import import_module


def lazy(package, homes):
    """`__all__`, `__getattr__` and `__dir__` of `package`, whose names live in the modules `homes`.

    `homes` maps a module, relative to `package`, to the names that it gives.
    """
    home = {name: f"{package}.{module}" for module, names in homes.items() for name in names}

    def __getattr__(name):
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home[name]), name)

    def __dir__():
        return sorted(home)

    return sorted(home), __getattr__, __dir__
