import pytest

from isocenter.dicom.codecs import ENCODERS
from isocenter.errors import NotFoundError
from isocenter.services.actions import ACTIONS, action_commands, resolve


def test_the_table_has_the_actions_of_this_version_under_their_names() -> None:
    assert list(ACTIONS) == [
        *("merge", "split", "compress_lossless", "compress_lossy", "decompress"),
        *("export", "anonymize", "modify", "dicomdir", "video", "convert_images"),
        *("convert_little_endian", "convert_big_endian", "convert_nema2", "convert_dicom3"),
        *("convert_video", "headers", "info", "summary"),
    ]
    assert all(name == action.name for name, action in ACTIONS.items())


def test_info_and_summary_only_describe() -> None:
    assert [name for name, action in ACTIONS.items() if not action.writes] == ["info", "summary"]


def test_an_unknown_action_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        resolve("frobnicate")


@pytest.mark.parametrize("name", list(ACTIONS))
def test_every_action_resolves_to_a_function(name: str) -> None:
    assert callable(resolve(name))


def test_variants_are_flags_of_one_command() -> None:
    names = {
        command: [one.name for one in actions] for command, actions in action_commands().items()
    }

    assert names.pop("export") == ["export", "video"]
    assert names.pop("convert") == [name for name in ACTIONS if name.startswith("convert_")]
    assert names.pop("compress") == ["compress_lossless", "compress_lossy"]
    assert all([command] == found for command, found in names.items())


def test_a_choice_of_codecs_is_that_of_the_table() -> None:
    codecs = {action: _choices(action) for action in ("compress_lossless", "compress_lossy")}

    assert codecs["compress_lossless"] == tuple(ENCODERS)
    lossy = tuple(name for name, codec in ENCODERS.items() if codec.lossy_uid)
    assert codecs["compress_lossy"] == lossy


def _choices(action: str) -> tuple[str, ...]:
    (codec,) = [option for option in ACTIONS[action].options if option.name == "codec"]
    return codec.choices
