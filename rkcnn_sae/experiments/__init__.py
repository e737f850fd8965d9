"""The studies. Names are imported on first use."""

from .._lazy import lazy

__all__, __getattr__, __dir__ = lazy(
    __name__,
    {
        "arms": ["ARMS", "Arm", "pick_arm"],
        "comparison": ["compare", "run_arm"],
        "results": ["read_config", "write_results"],
    },
)
