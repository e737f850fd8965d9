"""What learns, and from where it starts. Names are imported on first use."""

from .._lazy import lazy

__all__, __getattr__, __dir__ = lazy(
    __name__,
    {
        "sae": ["SAEConfig", "SparseAutoencoder"],
        "rkcnn_sae": ["RkCNNSAEConfig", "RkCNNSparseAutoencoder"],
        "files": ["load_sae", "save_sae"],
        "training": ["TrainConfig", "train"],
        "toy_model": ["ToyModel", "sample_toy"],
    },
)
