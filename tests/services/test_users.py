"""Accounts as others see them."""

from pathlib import Path

from isocenter.access.accounts import Person, create_service, create_user, set_names
from isocenter.services.users import User, Users
from tests.stores import sqlite_database


def test_an_account_knows_itself_and_an_administrator_all(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    database.migrate()
    with database.begin() as connection:
        robot = create_service(connection, "robot", 1)
        jane = create_user(connection, "Jane@example.org", "hash", "Jane Doe", 2)
        set_names(connection, Person(jane.id, "Jane", "Doe"))
    users = Users(database)

    expected = [
        User(robot.id, "service", "robot", "robot", "", 1),
        User(jane.id, "user", "jane@example.org", "Jane", "Doe", 2),
    ]
    assert users.known_to(robot.id, is_admin=True) == expected
    assert users.known_to(jane.id, is_admin=False) == expected[1:]
    assert users.known_to(None, is_admin=False) == []
    database.close()
