"""What a trained U-Net is asked: what is left of its masks without one of its skips."""

import numpy as np
import pytest

from core.architecture.unet import UNet

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def network():
    import keras

    from core.models.unet import build

    keras.utils.set_random_seed(0)
    return build(UNet(depth=2, width=4), (32, 32, 3), 4)


def answered(network, tmp_path, pictures):
    from core.training.worker.mask_answers import silenced

    path = tmp_path / "model.keras"
    network.save(path)
    known, masks = silenced(str(tmp_path), path.read_bytes(), pictures)
    assert known
    return masks


def test_a_silenced_skip_is_one_whose_weights_are_zero(network, tmp_path):
    """The next convolution reads the skip's maps first; without their weights they are mute."""
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3)).astype(np.uint8)
    masks = answered(network, tmp_path, pictures)
    whole = network.predict(pictures, verbose=0).argmax(-1)
    assert list(masks) == ["skip_0", "skip_1"]
    for name, said in masks.items():
        convolution = network.get_layer(f"up_{name[-1]}_conv_1")
        kernel = convolution.get_weights()[0]
        mute = kernel.copy()
        mute[:, :, : network.get_layer(name).input[0].shape[-1]] = 0
        convolution.set_weights([mute])
        np.testing.assert_array_equal(said, network.predict(pictures, verbose=0).argmax(-1))
        convolution.set_weights([kernel])
        assert (said != whole).any()


def test_without_skips_there_is_nothing_to_silence(tmp_path):
    from core.models.unet import build

    network = build(UNet(depth=1, width=2, skips=False), (16, 16, 1), 2)
    assert answered(network, tmp_path, np.zeros((1, 16, 16, 1), np.uint8)) == {}
