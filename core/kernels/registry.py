"""The registry of named kernels: one decorated function, and every list follows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from core.kernels.parameters import PARAMETERS
from core.kernels.weights import LARGEST, Kernel

Make = Callable[..., Kernel]

FAMILIES = (
    "Blur", "Sharpen", "Edges, first derivative", "Edges, second derivative",
    "Stripes and texture", "Pillow's filters",
)  # fmt: skip
"""In teaching order."""
BLURS, SHARPENERS, SLOPES, CURVATURES, TEXTURES, PILLOW = FAMILIES

ANY = tuple(range(1, LARGEST + 1))
ODD = ANY[::2]
ODD_FROM_3 = ODD[1:]


@dataclass(frozen=True, slots=True)
class NamedKernel:
    """A kernel with a name.

    Attributes:
        slug: goes into links; never changed.
        title: what stands on the screen.
        source: who published it.
        family: kernels of one family stand together.
        sizes: what the parameter `taps` may be; empty where there is none.
        make: gives the kernel; its arguments are names of `PARAMETERS`, with defaults.
    """

    slug: str
    title: str
    source: str
    family: str
    sizes: tuple[int, ...]
    make: Make

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the numbers that it depends on, in their order."""
        return tuple(inspect.signature(self.make).parameters)

    @property
    def suits(self) -> dict[str, float]:
        """Numbers to begin with: the defaults of its arguments."""
        parameters = inspect.signature(self.make).parameters.values()
        return {parameter.name: parameter.default for parameter in parameters}

    @property
    def about(self) -> str:
        """What it does, in one or two sentences."""
        return " ".join((self.make.__doc__ or "").split())

    def with_values(self, values: Mapping[str, float]) -> Kernel:
        """The kernel for these numbers; what is not given is as it suits the kernel."""
        known = {name: values[name] for name in self.parameters if name in values}
        return self.make(**known)


class Kernels(Mapping[str, NamedKernel]):
    """Named kernels by slug, family by family."""

    def __init__(self) -> None:
        self._kernels: dict[str, NamedKernel] = {}

    def add(
        self, slug: str, title: str, source: str, family: str, sizes: tuple[int, ...] = ()
    ) -> Callable[[Make], Make]:
        """Register the decorated function under `slug`.

        Raises:
            ValueError: the slug is taken, or a parameter or the family is unknown.
        """

        def register(make: Make) -> Make:
            if slug in self._kernels:
                raise ValueError(f"the kernel {slug!r} is registered twice")
            named = NamedKernel(slug, title, source, family, sizes, make)
            if family not in FAMILIES:
                raise ValueError(f"the kernel {slug!r} is of no known family, {family!r}")
            if unknown := set(named.parameters) - set(PARAMETERS):
                raise ValueError(f"the kernel {slug!r} asks for {sorted(unknown)}")
            self._kernels[slug] = named
            order = sorted(self._kernels.values(), key=lambda one: FAMILIES.index(one.family))
            self._kernels = {one.slug: one for one in order}
            return make

        return register

    def __getitem__(self, slug: str) -> NamedKernel:
        return self._kernels[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kernels)

    def __len__(self) -> int:
        return len(self._kernels)


KERNELS = Kernels()
"""Every named kernel."""
