"""`datamint-config`: which server, with which key; asked for, or given as options."""

import argparse
import sys
from collections.abc import Sequence

from isocenter.client.config import KEY_NAME, URL_NAME, config_path, read_config, write_config
from isocenter.errors import IsocenterError, UnavailableError

_MENU = """
Select the action you want to perform:
 (1) Configure the API key
 (2) Configure the default URL
 (3) Show all configuration settings
 (4) Clear all configuration settings
 (q) Exit"""
_ENDS = frozenset({"q", "5", "exit", "quit"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="datamint-config", description="Save which server is asked, and with which key."
    )
    parser.add_argument("--api-key", metavar="KEY", help="the API key")
    parser.add_argument("--default-url", "--url", metavar="URL", help="the server's address")
    parser.add_argument(
        "-i", "--interactive", action="store_true", help="ask; so it does without other options"
    )
    chosen = parser.parse_args(arguments)
    try:
        if chosen.api_key is not None:
            set_value(KEY_NAME, chosen.api_key)
            print("API key saved.")
        if chosen.default_url is not None:
            set_value(URL_NAME, chosen.default_url)
            print("Default URL saved.")
        if chosen.interactive or (chosen.api_key is None and chosen.default_url is None):
            _ask()
    except IsocenterError as error:
        print(f"datamint-config: {error}", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print()
    return 0


def set_value(name: str, value: str) -> None:
    """Save one value; the others stay.

    Raises
    ------
    InvalidInputError
        If it cannot stand in the file.
    UnavailableError
        If there is no home, or the file cannot be written.
    """
    path = config_path()
    if path is None:
        raise UnavailableError("there is no home folder: set HOME, or DATAMINT_API_KEY")
    write_config(path, {**read_config(path), name: value.strip()})


def shown(name: str, value: str) -> str:
    """Return a value as it may be seen over somebody's shoulder."""
    return f"{value.partition('.')[0]}.***" if name == KEY_NAME else value


def _ask() -> None:
    """Ask until the user has had enough."""
    if not read_config(config_path()):
        _ask_for(KEY_NAME, "API key")
    while True:
        print(_MENU)
        choice = input("Enter your choice: ").strip().lower()
        if choice == "1":
            _ask_for(KEY_NAME, "API key")
        elif choice == "2":
            _ask_for(URL_NAME, "Default URL")
        elif choice == "3":
            _show()
        elif choice == "4":
            _clear()
        elif choice in _ENDS:
            return
        else:
            print("Invalid choice. Please enter a number between 1 and 4 or 'q' to quit.")


def _ask_for(name: str, label: str) -> None:
    value = input(f"{label} (leave empty to abort): ").strip()
    if value:
        set_value(name, value)
        print(f"{label} saved.")


def _show() -> None:
    values = read_config(config_path())
    print("Current configurations:" if values else "No configurations found.")
    for name, value in values.items():
        print(f"  {name}: {shown(name, value)}")


def _clear() -> None:
    path = config_path()
    answer = input("Are you sure you want to clear all configurations? (y/n): ")
    if path is not None and answer.strip().lower() == "y":
        path.unlink(missing_ok=True)
        print("All configurations cleared.")


if __name__ == "__main__":
    sys.exit(main())
