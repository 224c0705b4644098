"""The options of `isocenter serve`, read without loading a server."""

import subprocess
import sys
from argparse import ArgumentParser

from isocenter.cli.serve_options import add_options


def test_defaults_are_loopback_and_the_documented_port() -> None:
    parser = ArgumentParser()
    add_options(parser)
    chosen = parser.parse_args([])
    assert (chosen.host, chosen.port, chosen.behind_proxy) == ("127.0.0.1", 8420, False)


def test_help_loads_no_server() -> None:
    code = (
        "import sys; from isocenter.cli.main import main\n"
        "try: main(['serve', '--help'])\n"
        "except SystemExit: pass\n"
        "loaded = {'starlette', 'uvicorn', 'sqlalchemy', 'numpy'} & set(sys.modules)\n"
        "print(sorted(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from isocenter.cli.main import main\n"
        "sys.exit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "isocenter[server]" in done.stderr
    assert "Traceback" not in done.stderr
