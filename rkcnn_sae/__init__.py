__version__ = "0.1.0"

# The one module nbdev does not write (it keeps the version line). Names are imported on first use,
# so that `rkcnn --help` need not wait for torch.
_HOME = {"RkCNNProbe": "probe", "RkCNNResult": "probe", "mine_directions": "refine",
         "KCNNClassifier": "kcnn", "RkCNNClassifier": "kcnn",
         "SAEConfig": "models", "SparseAutoencoder": "models", "RkCNNSAEConfig": "models",
         "RkCNNSparseAutoencoder": "models", "load_sae": "models", "save_sae": "models"}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME: raise AttributeError(f"module 'rkcnn_sae' has no attribute {name!r}")
    from importlib import import_module
    return getattr(import_module(f"rkcnn_sae.{_HOME[name]}"), name)


def __dir__(): return sorted([*globals(), *_HOME])
