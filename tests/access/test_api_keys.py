import hashlib
import hmac
import re
import threading

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from isocenter.access.accounts import create_service
from isocenter.access.api_keys import ApiKeys, NewKey, list_keys
from isocenter.access.principal import USUAL_SCOPES
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import InvalidInputError, NotAuthenticatedError, NotFoundError
from isocenter.store.database import Database
from isocenter.store.tables import api_keys
from tests.stores import Clock

MINUTE_MS = 60_000


@pytest.fixture
def keys(database: Database, secret: ServerSecret, clock: Clock) -> ApiKeys:
    return ApiKeys(database, secret, clock)


@pytest.fixture
def account_id(database: Database) -> str:
    with database.begin() as connection:
        return create_service(connection, "the account", 1).id


def make_key(
    database: Database,
    keys: ApiKeys,
    account_id: str,
    *scopes: str,
    expires_ms: int | None = None,
) -> NewKey:
    with database.begin() as connection:
        return keys.create(connection, account_id, "the key", scopes, expires_ms=expires_ms)


def used_ms(database: Database, key: NewKey) -> int | None:
    with database.read() as connection:
        return next(facts.used_ms for facts in list_keys(connection) if facts.id == key.id)


def test_a_key_is_its_account(database: Database, keys: ApiKeys, account_id: str) -> None:
    first = make_key(database, keys, account_id)
    second = make_key(database, keys, account_id, "read")

    principal = keys.verify(first.text)

    assert principal.id == keys.verify(second.text).id == f"account:{account_id}"
    assert (principal.name, principal.key_id) == ("the account", first.id)
    assert principal.scopes == USUAL_SCOPES
    assert keys.verify(second.text).scopes == {"read"}


def test_a_key_goes_through_shells_urls_and_paths(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    for _ in range(20):
        key = make_key(database, keys, account_id)

        assert re.fullmatch(r"[A-Za-z0-9-]{36}\.[A-Za-z0-9_-]{43}", key.text)
        assert key.text.startswith(f"{key.id}.")
        assert key.text[0] != "-"


def test_the_secret_is_kept_as_a_keyed_hash_alone(
    database: Database, keys: ApiKeys, account_id: str, secret: ServerSecret
) -> None:
    key = make_key(database, keys, account_id)
    part = key.text.partition(".")[2]

    with database.read() as connection:
        row = connection.execute(select(api_keys)).one()

    assert part not in str(tuple(row))
    assert row.secret_hash == secret.sign("api key", key.id.encode(), part.encode()).hex()
    assert row.secret_hash != hmac.new(b"", part.encode(), hashlib.sha256).hexdigest()


def test_a_key_of_another_server_is_none(
    database: Database, keys: ApiKeys, account_id: str, clock: Clock
) -> None:
    key = make_key(database, ApiKeys(database, ServerSecret(b"t" * 64), clock), account_id)

    with pytest.raises(NotAuthenticatedError, match="not valid"):
        keys.verify(key.text)


def test_wrong_keys_are_all_refused_alike(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    key = make_key(database, keys, account_id)
    other = make_key(database, keys, account_id)
    wrong = [
        "",
        ".",
        key.id,
        f"{key.id}.",
        key.text[:-1],
        f"{key.text}A",
        f" {key.text}",
        f"{key.text}\n",
        f"{key.id}.{other.text.partition('.')[2]}",
        f"{key.id.upper()}.{key.text.partition('.')[2]}",
        "0" * 36 + key.text[36:],
        "é.é",
        "x" * 100_000,
    ]

    sentences = set()
    for text in wrong:
        with pytest.raises(NotAuthenticatedError) as caught:
            keys.verify(text)
        sentences.add(str(caught.value))

    assert sentences == {"the key is not valid"}


def test_a_key_ends_on_its_day(
    database: Database, keys: ApiKeys, account_id: str, clock: Clock
) -> None:
    key = make_key(database, keys, account_id, expires_ms=clock.now_ms + 10)

    clock.now_ms += 9
    keys.verify(key.text)
    clock.now_ms += 1
    with pytest.raises(NotAuthenticatedError, match="expired"):
        keys.verify(key.text)


def test_a_revoked_key_is_none_at_once_in_every_process(
    database: Database, keys: ApiKeys, account_id: str, secret: ServerSecret, clock: Clock
) -> None:
    key = make_key(database, keys, account_id)
    keys.verify(key.text)

    with database.begin() as connection:
        ApiKeys(database, secret, clock).revoke(connection, key.id)

    with pytest.raises(NotAuthenticatedError, match="revoked"):
        keys.verify(key.text)


def test_revoking_twice_keeps_the_first_time(
    database: Database, keys: ApiKeys, account_id: str, clock: Clock
) -> None:
    key = make_key(database, keys, account_id)
    first_ms = clock.now_ms

    for _ in range(2):
        with database.begin() as connection:
            keys.revoke(connection, key.id, account_id)
        clock.now_ms += 1

    with database.read() as connection:
        assert [facts.revoked_ms for facts in list_keys(connection)] == [first_ms]


def test_nobody_revokes_keys_of_others(database: Database, keys: ApiKeys, account_id: str) -> None:
    key = make_key(database, keys, account_id)

    with pytest.raises(NotFoundError), database.begin() as connection:
        keys.revoke(connection, key.id, "another account")

    keys.verify(key.text)


def test_a_check_writes_nothing(database: Database, keys: ApiKeys, account_id: str) -> None:
    key = make_key(database, keys, account_id)
    begun: list[str] = []
    event.listen(database._writers, "begin", lambda _: begun.append("write"))

    for _ in range(10):
        keys.verify(key.text)

    assert begun == []


def test_the_last_use_is_written_once_a_minute(
    database: Database, keys: ApiKeys, account_id: str, clock: Clock
) -> None:
    key = make_key(database, keys, account_id)
    first_ms = clock.now_ms

    keys.verify(key.text)
    assert used_ms(database, key) is None
    keys.write_uses()
    assert used_ms(database, key) == first_ms

    clock.now_ms += MINUTE_MS - 1
    keys.verify(key.text)
    keys.write_uses()
    assert used_ms(database, key) == first_ms

    clock.now_ms += 1
    keys.verify(key.text)
    keys.write_uses()
    assert used_ms(database, key) == first_ms + MINUTE_MS


def test_a_use_that_could_not_be_written_is_written_later(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    key = make_key(database, keys, account_id)
    keys.verify(key.text)

    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE api_keys RENAME COLUMN used_ms TO hidden")
    with pytest.raises(OperationalError):
        keys.write_uses()
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE api_keys RENAME COLUMN hidden TO used_ms")
    keys.write_uses()

    assert used_ms(database, key) is not None


def test_a_wrong_key_is_no_use(database: Database, keys: ApiKeys, account_id: str) -> None:
    key = make_key(database, keys, account_id)

    with pytest.raises(NotAuthenticatedError):
        keys.verify(f"{key.text}A")
    keys.write_uses()

    assert used_ms(database, key) is None


def test_keys_are_checked_by_many_threads_at_once(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    made = [make_key(database, keys, account_id) for _ in range(4)]
    found: list[str | None] = []

    def check(key: NewKey) -> None:
        found.extend(keys.verify(key.text).key_id for _ in range(20))

    threads = [threading.Thread(target=check, args=(key,)) for key in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys.write_uses()

    assert sorted(found, key=str) == sorted([key.id for key in made] * 20)
    assert all(used_ms(database, key) for key in made)


def test_listing_shows_no_secret_and_only_the_account_asked_for(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    key = make_key(database, keys, account_id, "write", "read")
    with database.begin() as connection:
        other = create_service(connection, "another", 1)
    make_key(database, keys, other.id)

    with database.read() as connection:
        (facts,) = list_keys(connection, account_id)
        assert len(list_keys(connection)) == 2
        hashed = connection.scalar(select(api_keys.c.secret_hash))

    assert (facts.id, facts.scopes) == (key.id, ("read", "write"))
    assert hashed is not None
    assert hashed not in repr(facts)
    assert key.text.partition(".")[2] not in repr(key)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "x" * 201])
def test_a_name_can_be_printed(
    database: Database, keys: ApiKeys, account_id: str, name: str
) -> None:
    with pytest.raises(InvalidInputError, match="name"), database.begin() as connection:
        keys.create(connection, account_id, name)


def test_scopes_that_a_row_should_not_have_are_refused(
    database: Database, keys: ApiKeys, account_id: str
) -> None:
    key = make_key(database, keys, account_id)
    with database.begin() as connection:
        connection.execute(update(api_keys).values(scopes=["root"]))

    with pytest.raises(InvalidInputError):
        keys.verify(key.text)
