import pytest

from core.engine.settings import GIBIBYTE, EngineSettings, EngineSettingsError


def settings(memory=16 * GIBIBYTE, **environ: str) -> EngineSettings:
    return EngineSettings.from_environment(environ, memory)


def test_by_default_there_is_one_worker_for_each_kind_of_work():
    assert settings().workers() == ({"training": 1}, {"inference": 1})
    assert settings().address is None


def test_a_small_machine_has_one_worker_for_both():
    assert settings(memory=3 * GIBIBYTE).workers() == ({"training": 1, "inference": 1},)


def test_a_worker_gets_two_gibibytes_or_half_of_what_there_is():
    assert settings().memory_limit == 2 * GIBIBYTE
    assert settings(memory=2 * GIBIBYTE).memory_limit == GIBIBYTE


def test_slots_memory_and_address_come_from_the_environment():
    given = settings(
        RECEPTIVE_CLUSTER="tcp://10.0.0.1:8786",
        RECEPTIVE_TRAINING_SLOTS="3",
        RECEPTIVE_INFERENCE_SLOTS="2",
        RECEPTIVE_WORKER_MEMORY="512",
    )
    assert given.address == "tcp://10.0.0.1:8786"
    assert given.workers() == ({"training": 1},) * 3 + ({"inference": 1},) * 2
    assert given.memory_limit == 512 * 2**20


@pytest.mark.parametrize("text", ["0", "-1", "65", "two", "1.5"])
def test_nonsense_is_refused_with_what_would_work(text):
    with pytest.raises(EngineSettingsError, match=r"whole number from 1 to 64"):
        settings(RECEPTIVE_TRAINING_SLOTS=text)
