__version__ = "0.1.0"

# The public face. nbdev keeps the version line and does not write the rest. A name is imported when
# it is first used, so that `rkcnn --help` does not wait for torch.
from ._lazy import lazy

__all__, __getattr__, __dir__ = lazy(
    __name__,
    {
        "core.rkcnn_probe": ["RkCNNProbe", "RkCNNResult"],
        "core.miners": ["mine_directions"],
        "core.kcnn": ["KCNNClassifier", "RkCNNClassifier"],
        "data.lm": ["load_lm"],
        "data.texts": ["load_texts"],
        "data.harvest": ["harvest"],
        "models.sae": ["SAEConfig", "SparseAutoencoder"],
        "models.rkcnn_sae": ["RkCNNSAEConfig", "RkCNNSparseAutoencoder"],
        "models.files": ["load_sae", "save_sae"],
        "models.training": ["TrainConfig", "train"],
        "evaluation.stats": ["summarise"],
        "experiments.comparison": ["compare"],
        "interop.peers": ["mine_and_seed_"],
    },
)
