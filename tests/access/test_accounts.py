import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from sqlalchemy import select

from isocenter.access.accounts import (
    account_of,
    check_email,
    check_password,
    create_service,
    create_user,
    hash_password,
    set_password,
)
from isocenter.errors import ConflictError, InvalidInputError, NotAuthenticatedError, NotFoundError
from isocenter.store.database import Database
from isocenter.store.tables import accounts

PASSWORD = "correct horse battery"  # noqa: S105 -- of a test


def test_a_password_is_kept_as_argon2id_alone() -> None:
    hashed = hash_password(PASSWORD)

    assert PASSWORD not in hashed
    assert PasswordHasher().verify(hashed, PASSWORD)
    parameters = extract_parameters(hashed)
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost) == (65_536, 3)
    assert hash_password(PASSWORD) != hashed


def test_a_person_signs_in_whatever_the_case_of_the_address(database: Database) -> None:
    hashed = hash_password(PASSWORD)
    with database.begin() as connection:
        account = create_user(connection, " Ann@Example.ORG", hashed, "Ann", 7)

    with database.read() as connection:
        assert check_password(connection, "ann@example.org ", PASSWORD) == account
        assert account_of(connection, "ANN@example.org") == account
    assert (account.kind, account.email, account.created_ms) == ("user", "ann@example.org", 7)
    assert "argon2" not in repr(account)


def test_composed_and_decomposed_letters_are_the_same_password(database: Database) -> None:
    with database.begin() as connection:
        create_user(connection, "a@b", hash_password("Z\u00fcrich am See"), "A", 1)

    with database.read() as connection:
        check_password(connection, "a@b", "Zu\u0308rich am See")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.org", "correct horse batterx"),
        ("ann@example.org", ""),
        ("ann@example.org", "x" * 5000),
        ("ann@example.org", "\udcff" * 9),
        ("bob@example.org", PASSWORD),
        ("no address", PASSWORD),
    ],
)
def test_nobody_learns_what_was_wrong(database: Database, email: str, password: str) -> None:
    with database.begin() as connection:
        create_user(connection, "ann@example.org", hash_password(PASSWORD), "Ann", 1)

    with database.read() as connection, pytest.raises(NotAuthenticatedError) as caught:
        check_password(connection, email, password)

    assert str(caught.value) == "the address or the password is wrong"


def test_there_is_one_account_of_an_address(database: Database) -> None:
    with database.begin() as connection:
        create_user(connection, "ann@example.org", "hash", "Ann", 1)

    with pytest.raises(ConflictError), database.begin() as connection:
        create_user(connection, "ANN@example.org", "hash", "Ann", 1)


def test_a_service_has_neither_address_nor_password(database: Database) -> None:
    with database.begin() as connection:
        service = create_service(connection, "uploader", 1)

    with pytest.raises(NotFoundError), database.begin() as connection:
        set_password(connection, service.id, "hash")
    with database.read() as connection:
        row = connection.execute(select(accounts)).one()
    assert (row.kind, row.email, row.password_hash) == ("service", None, None)


def test_a_changed_password_is_the_only_one(database: Database) -> None:
    with database.begin() as connection:
        account = create_user(connection, "a@b", hash_password(PASSWORD), "A", 1)
        set_password(connection, account.id, hash_password("another one"))

    with database.read() as connection:
        check_password(connection, "a@b", "another one")
        with pytest.raises(NotAuthenticatedError):
            check_password(connection, "a@b", PASSWORD)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1025, "\udcff" * 9])
def test_short_long_and_broken_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInputError, match="password") as caught:
        hash_password(password)

    assert not password or password not in str(caught.value)


@pytest.mark.parametrize(
    "email", ["", "a", "@", "a@", "@b", "a b@c", "a@b@c", "a" * 65 + "@b", "a@\0"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidInputError, match="address"):
        check_email(email)


def test_an_address_that_nobody_has_is_not_found(database: Database) -> None:
    with database.read() as connection, pytest.raises(NotFoundError):
        account_of(connection, "a@b")
