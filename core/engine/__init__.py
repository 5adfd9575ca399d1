"""Where TensorFlow runs: a Dask cluster, local by default, remote by address."""

from core.engine.connection import Engine, connect
from core.engine.settings import EngineSettings

__all__ = ["Engine", "EngineSettings", "connect"]
