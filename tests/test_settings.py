"""Settings come from the environment, once, checked."""

import pytest

from isocenter.errors import InvalidInputError
from isocenter.limits import Limits
from isocenter.settings import Settings, read_settings


def test_empty_environment_gives_the_defaults() -> None:
    assert read_settings({"ISOCENTER_JOBS": "", "HOME": "/"}) == Settings()


def test_environment_overrides_settings_and_limits() -> None:
    settings = read_settings(
        {
            "ISOCENTER_JOBS": "3",
            "ISOCENTER_PROGRESS": "never",
            "ISOCENTER_LIMIT_HEADER_DEPTH": "7",
        }
    )

    assert settings == Settings(jobs=3, progress="never", limits=Limits(header_depth=7))


def test_the_password_of_a_database_is_not_shown() -> None:
    settings = read_settings({"ISOCENTER_DATABASE_URL": "postgresql+psycopg://a:canary@host/db"})

    assert "canary" in settings.database_url
    assert "canary" not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ISOCENTER_JOBS", "many"),
        ("ISOCENTER_JOBS", "-7"),
        ("ISOCENTER_PROGRESS", "sometimes"),
        ("ISOCENTER_REGISTRATION", "everybody"),
        ("ISOCENTER_WATCH_PATIENCE_SECONDS", "-7"),
        ("ISOCENTER_LIMIT_HEADER_DEPTH", "deep"),
        ("ISOCENTER_LIMIT_HEADER_DEPTH", "-7"),
        ("ISOCENTER_LIMIT_NO_SUCH_BOUND", "12"),
    ],
)
def test_wrong_value_names_the_variable_and_not_the_value(variable: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_settings({variable: value})

    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} ")
    assert value not in sentence.removeprefix(variable)


@pytest.mark.parametrize(("text", "means"), [("yes", True), ("1", True), ("False", False)])
def test_switches_are_said_in_words_or_digits(text: str, means: bool) -> None:
    assert read_settings({"ISOCENTER_STRICT_RATES": text}).strict_rates is means


def test_a_switch_that_is_neither_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidInputError, match="ISOCENTER_STRICT_RATES must be yes or no"):
        read_settings({"ISOCENTER_STRICT_RATES": "perhaps"})


@pytest.mark.parametrize(
    ("said", "is_loopback", "may"),
    [
        ("", True, True),
        ("", False, False),
        ("open", False, True),
        ("admin", True, False),
    ],
)
def test_anybody_registers_where_only_this_machine_reaches_the_server(
    said: str, is_loopback: bool, may: bool
) -> None:
    settings = read_settings({"ISOCENTER_REGISTRATION": said})
    assert settings.may_register(is_loopback=is_loopback) is may


def test_the_password_of_a_mail_server_is_not_shown() -> None:
    settings = read_settings({"ISOCENTER_MAIL_URL": "smtps://us:canary@mail.example.org"})
    assert settings.mail_url
    assert "canary" not in repr(settings)
