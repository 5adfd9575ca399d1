"""Where TensorFlow runs: a Dask cluster, local by default, remote by address."""

from core.engine.connection import Engine, EngineError, EngineState, connect, status, warm_up
from core.engine.settings import EngineSettings

__all__ = [
    "Engine",
    "EngineError",
    "EngineSettings",
    "EngineState",
    "connect",
    "status",
    "warm_up",
]
