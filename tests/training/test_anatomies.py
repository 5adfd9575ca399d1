"""The blocks that a page knows without asking are those of the networks."""

import pytest

from core.training.anatomies import PACKAGED
from core.training.anatomy import Part
from core.zoo.registry import ZOO


def test_every_network_that_needs_no_hub_is_known():
    assert set(PACKAGED) == {slug for slug, entry in ZOO.items() if not entry.needs_a_hub}


@pytest.mark.parametrize("slug", PACKAGED)
def test_parameters_add_up_to_those_published_without_the_classes(slug):
    """torchvision and the Lite0 release: 3,504,872 and 4,652,008 with 1,280 x 1,000 + 1,000."""
    published = {"mobilenet-v2": 3_504_872, "efficientnet-lite0": 4_652_008}[slug]
    parts = PACKAGED[slug].parts
    assert sum(part.parameters for part in parts) == published - 1_281_000
    everything = sum(part.parameters + part.statistics for part in parts)
    assert everything == ZOO[slug].parameters - 1_281_000


@pytest.mark.tf
def test_the_network_that_is_always_here_says_the_same():
    from core.training.worker.anatomy import anatomy

    slug = "efficientnet-lite0"
    assert tuple(Part(*row) for row in anatomy(slug)) == PACKAGED[slug].parts
