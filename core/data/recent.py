"""Data sets used last, within a bound of memory; built once, however many ask at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from core.data.dataset import Dataset, Images


class Recent:
    """Keeps data sets until newer ones need their room."""

    def __init__(self, most_bytes: int) -> None:
        """Keep pictures of at most `most_bytes` in all, and always the latest set."""
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Dataset] = OrderedDict()
        self._building: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, build: Callable[[], Dataset]) -> Dataset:
        """The data set of this key; built where it is not kept, by one caller of many.

        Raises:
            Exception: whatever `build` raises; nothing is kept then.
        """
        with self._lock:
            if (dataset := self._found(key)) is not None:
                return dataset
            turn = self._building.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if (dataset := self._found(key)) is not None:
                    return dataset
            try:
                dataset = build()
                with self._lock:
                    self._keep(key, dataset)
            finally:
                with self._lock:
                    self._building.pop(key, None)
            return dataset

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()

    @property
    def size(self) -> int:
        """Bytes of the pictures that are kept; those that two sets share count once."""
        arrays = {id(_owner(d)): _owner(d).nbytes for d in self._kept.values()}
        return sum(arrays.values())

    def _found(self, key: Hashable) -> Dataset | None:
        dataset = self._kept.get(key)
        if dataset is not None:
            self._kept.move_to_end(key)
        return dataset

    def _keep(self, key: Hashable, dataset: Dataset) -> None:
        self._kept[key] = dataset
        while len(self._kept) > 1 and self.size > self._most_bytes:
            self._kept.popitem(last=False)


def _owner(dataset: Dataset) -> Images:
    """The array that holds the pictures; the data set's own is a read-only view of it."""
    base = dataset.images.base
    return dataset.images if base is None else base
