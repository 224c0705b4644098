import subprocess
import sys
from argparse import ArgumentParser, Namespace

import pytest

from isocenter.access.principal import SCOPES
from isocenter.cli.admin_options import add_options


def parse(*arguments: str) -> Namespace:
    parser = ArgumentParser()
    add_options(parser)
    return parser.parse_args(arguments)


def test_help_names_every_scope(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("create-key", "-h")

    text = " ".join(capsys.readouterr().out.split())
    assert ", ".join(SCOPES) in text


def test_scopes_are_gathered() -> None:
    assert parse("create-key", "--name", "n").scopes == []
    assert parse("create-key", "--name", "n", "--scope", "a", "--scope", "b").scopes == ["a", "b"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("create-key",),
        ("create-key", "--name", "n", "--expires", "soon"),
        ("create-account", "--email", "a@b"),
        ("create-account", "--email", "a@b", "--password", "secret"),
        ("set-password", "--email", "a@b"),
        ("revoke-key",),
        ("sign-in-address",),
        ("backup",),
        ("destroy",),
    ],
)
def test_wrong_usage_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(*arguments)

    assert caught.value.code == 2


@pytest.mark.parametrize("arguments", [["-h"], ["admin", "-h"], ["admin", "create-key", "-h"]])
def test_help_loads_no_database_and_no_hashing(arguments: list[str]) -> None:
    script = f"""
import sys
from isocenter.cli.main import main
try:
    main({arguments})
finally:
    heavy = {{"sqlalchemy", "alembic", "argon2", "starlette", "pydicom", "numpy", "orjson"}}
    assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""

    result = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr
