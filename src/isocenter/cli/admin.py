"""`isocenter admin`: accounts, keys, audit, consistency, backup, also while the server runs."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime

import orjson

from isocenter.access.api_keys import KeyFacts
from isocenter.access.server_secret import FILE_NAME as SECRET_FILE
from isocenter.cli.admin_options import WHAT
from isocenter.engines import (
    BLOBS_FOLDER,
    DATABASE_FILE,
    Engines,
    data_folder,
    now_ms,
    open_engines,
)
from isocenter.errors import InvalidInputError
from isocenter.logs import one_line
from isocenter.services.administration import Administration
from isocenter.settings import read_settings
from isocenter.store.backups import Layout
from isocenter.store.consistency import check_consistency

_DONE = 0
_FOUND_WRONG = 3  # as for actions of which some failed: it was done, and not all is well
_PASSWORD_LINE_MAX = 4096
_SHOWN_KEYS_MAX = 20


def run(chosen: Namespace, environment: Mapping[str, str]) -> int:
    """Do what was chosen; return the exit code."""
    settings = read_settings(environment)
    if chosen.data is not None:
        settings = replace(settings, data_folder=str(chosen.data))
    with open_engines(settings, data_folder(settings, environment)) as engines:
        administration = Administration(
            engines.database, engines.secret, now_ms, limits=settings.limits
        )
        return _COMMANDS[getattr(chosen, WHAT)](chosen, engines, administration)


def _create_key(chosen: Namespace, _: Engines, administration: Administration) -> int:
    key = administration.create_key(
        chosen.name, chosen.scopes, email=chosen.account, expires_days=chosen.expires
    )
    print(key.text)
    return _DONE


def _list_keys(chosen: Namespace, _: Engines, administration: Administration) -> int:
    keys = administration.list_keys()
    if chosen.json:
        print(orjson.dumps([asdict(key) for key in keys], option=orjson.OPT_INDENT_2).decode())
        return _DONE
    for key in keys:
        print(_key_line(key))
    return _DONE


def _revoke_key(chosen: Namespace, _: Engines, administration: Administration) -> int:
    administration.revoke_key(chosen.key_id)
    return _DONE


def _sign_in_address(chosen: Namespace, _: Engines, administration: Administration) -> int:
    code = administration.create_sign_in_code(chosen.key_id)
    print(f"{chosen.url.rstrip('/')}/app#sign-in={code}")
    return _DONE


def _create_account(chosen: Namespace, _: Engines, administration: Administration) -> int:
    print(administration.create_account(chosen.email, _read_password(), chosen.name).id)
    return _DONE


def _set_password(chosen: Namespace, _: Engines, administration: Administration) -> int:
    print(administration.set_password(chosen.email, _read_password()).id)
    return _DONE


def _read_password() -> str:
    line = sys.stdin.readline(_PASSWORD_LINE_MAX)
    password = line.removesuffix("\n").removesuffix("\r")
    if not password:
        raise InvalidInputError("standard input has no password")
    return password


def _verify_audit(_: Namespace, __: Engines, administration: Administration) -> int:
    chain = administration.verify_audit()
    if chain.broken is not None:
        print(f"{chain.rows} rows are as they were written; row {chain.broken} is not")
        return _FOUND_WRONG
    print(f"{chain.rows} rows are as they were written; the last one has {chain.hash}")
    return _DONE


def _check(chosen: Namespace, engines: Engines, _: Administration) -> int:
    found = check_consistency(engines.database, engines.blobs, read_bytes=chosen.read_bytes)
    print(
        f"{found.rows} blobs: {len(found.missing_keys)} without bytes, "
        f"{len(found.damaged_keys)} damaged; {found.orphans} bytes without a row"
    )
    _name_keys("without bytes", found.missing_keys)
    _name_keys("damaged", found.damaged_keys)
    return _DONE if found.is_whole else _FOUND_WRONG


def _backup(chosen: Namespace, engines: Engines, administration: Administration) -> int:
    layout = Layout(DATABASE_FILE, BLOBS_FOLDER, (engines.folder / SECRET_FILE,))
    made = administration.back_up(engines.blobs, layout, chosen.folder.absolute())
    print(f"{made.blobs} blobs, database and secret are in {one_line(str(chosen.folder))}")
    _name_keys("without bytes", made.missing_keys)
    return _FOUND_WRONG if made.missing_keys else _DONE


def _migrate(_: Namespace, __: Engines, ___: Administration) -> int:
    print("the database has the form of this version")
    return _DONE


def _key_line(key: KeyFacts) -> str:
    parts = [
        key.id,
        _date(key.created_ms),
        f"used {_date(key.used_ms)}" if key.used_ms else "never used",
        ",".join(key.scopes),
        one_line(key.name),
    ]
    if key.expires_ms is not None:
        parts.append(f"expires {_date(key.expires_ms)}")
    if key.revoked_ms is not None:
        parts.append(f"revoked {_date(key.revoked_ms)}")
    return "  ".join(parts)


def _date(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _name_keys(what: str, keys: tuple[str, ...]) -> None:
    for key in keys[:_SHOWN_KEYS_MAX]:
        print(f"{what}: {key}", file=sys.stderr)
    if len(keys) > _SHOWN_KEYS_MAX:
        print(f"{what}: {len(keys) - _SHOWN_KEYS_MAX} more", file=sys.stderr)


_COMMANDS: Mapping[str, Callable[[Namespace, Engines, Administration], int]] = {
    "create-key": _create_key,
    "list-keys": _list_keys,
    "revoke-key": _revoke_key,
    "sign-in-address": _sign_in_address,
    "create-account": _create_account,
    "set-password": _set_password,
    "verify-audit": _verify_audit,
    "check": _check,
    "backup": _backup,
    "migrate": _migrate,
}
