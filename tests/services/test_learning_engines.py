"""The engines are one value whose parts others name."""

from isocenter.services.learning_engines import LearningEngines


def test_engines_have_the_names_that_services_use() -> None:
    assert LearningEngines._fields == (
        *("database", "blobs", "audit"),
        *("clock", "new_id", "limits"),
    )
