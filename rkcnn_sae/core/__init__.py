"""Mine directions. Mining brings a score of its own, `agreement`, so it is always there."""

from . import mining as mining
