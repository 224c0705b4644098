"""Sign-ins begin with a key or a code, and end for every copy of the cookie at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from isocenter.access.principal import USUAL_SCOPES, Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.access.sign_ins import SignIns, end_by_password
from isocenter.errors import NotAuthenticatedError
from isocenter.limits import DEFAULT
from isocenter.store.database import Database
from isocenter.store.tables import audit_events, sign_in_codes, sign_ins
from tests.access.conftest import Account
from tests.stores import Clock

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def signs(database: Database, secret: ServerSecret, clock: Clock) -> SignIns:
    return SignIns(database, secret, clock, DEFAULT)


def make_code(signs: SignIns, database: Database, account: Account) -> str:
    assert account.principal.account_id is not None
    with database.begin() as connection:
        return signs.make_code(connection, account.principal.account_id, account.principal.key_id)


def test_it_acts_with_the_scopes_of_the_key_and_remembers_the_browser(
    signs: SignIns, account: Account
) -> None:
    made = signs.begin(account.principal, "browser")

    found = signs.check(made.id)

    assert found == made.principal
    assert (found.id, set(found.scopes)) == (account.principal.id, {"read", "upload"})
    assert (found.name, found.key_id) == ("somebody", account.principal.key_id)
    assert signs.browser_of(made.id) == "browser"


def test_without_a_key_it_has_the_usual_scopes(signs: SignIns, account: Account) -> None:
    person = Principal(account.principal.id, USUAL_SCOPES, account.principal.account_id)

    made = signs.begin(person, "browser")

    account.revoke()
    assert signs.check(made.id).scopes == USUAL_SCOPES


def test_it_ends_when_the_person_signs_out(signs: SignIns, account: Account) -> None:
    made, other = (signs.begin(account.principal, "browser") for _ in range(2))

    signs.end(made.id)
    signs.end(made.id)

    with pytest.raises(NotAuthenticatedError):
        signs.check(made.id)
    assert signs.browser_of(made.id) is None
    assert signs.check(other.id).id == account.principal.id


def test_another_password_ends_those_without_a_key(
    signs: SignIns, database: Database, account: Account
) -> None:
    with_key = signs.begin(account.principal, "browser")
    without = signs.begin(replace(account.principal, key_id=None), "browser")

    with database.begin() as connection:
        end_by_password(connection, str(account.principal.account_id))

    signs.check(with_key.id)
    with pytest.raises(NotAuthenticatedError):
        signs.check(without.id)


def test_it_ends_when_the_key_is_revoked(signs: SignIns, account: Account) -> None:
    made = signs.begin(account.principal, "browser")
    account.revoke()
    with pytest.raises(NotAuthenticatedError):
        signs.check(made.id)


def test_it_ends_when_the_key_expires(signs: SignIns, account: Account, clock: Clock) -> None:
    made = signs.begin(account.principal, "browser")
    clock.now_ms += DAY_MS
    for call in (signs.check, signs.renew):
        with pytest.raises(NotAuthenticatedError):
            call(made.id)


def test_it_ends_when_nobody_uses_it_and_goes_on_when_somebody_does(
    signs: SignIns, account: Account, clock: Clock
) -> None:
    person = Principal(account.principal.id, USUAL_SCOPES, account.principal.account_id)
    used, unused = (signs.begin(person, "browser") for _ in range(2))

    clock.now_ms += DEFAULT.sign_in_seconds * 1000 - 1
    signs.renew(used.id)
    clock.now_ms += 1

    assert signs.check(used.id).id == person.id
    with pytest.raises(NotAuthenticatedError):
        signs.check(unused.id)


def test_a_code_signs_in_once(signs: SignIns, database: Database, account: Account) -> None:
    code = make_code(signs, database, account)

    made = signs.begin_by_code(code, "browser")

    assert signs.check(made.id).key_id == account.principal.key_id
    with pytest.raises(NotAuthenticatedError):
        signs.begin_by_code(code, "browser")


@pytest.mark.parametrize("code", ["", "x", "x" * 5000, "\ud800".encode(errors="replace").decode()])
def test_what_is_no_code_signs_nobody_in(signs: SignIns, code: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        signs.begin_by_code(code, "browser")


def test_a_code_is_good_for_some_minutes_and_while_its_key_is(
    signs: SignIns, database: Database, account: Account, clock: Clock
) -> None:
    late, last = (make_code(signs, database, account) for _ in range(2))
    clock.now_ms += DEFAULT.sign_in_code_seconds * 1000
    with pytest.raises(NotAuthenticatedError):
        signs.begin_by_code(late, "browser")
    last = make_code(signs, database, account)
    account.revoke()
    with pytest.raises(NotAuthenticatedError):
        signs.begin_by_code(last, "browser")


def test_a_code_is_nowhere_in_the_database(
    signs: SignIns, database: Database, account: Account
) -> None:
    code = make_code(signs, database, account)
    with database.read() as connection:
        rows = connection.execute(select(sign_in_codes)).all()
    assert len(rows) == 1
    assert code not in str(rows)


def test_what_has_expired_is_swept(
    signs: SignIns, database: Database, account: Account, clock: Clock
) -> None:
    signs.begin(account.principal, "browser")
    make_code(signs, database, account)
    clock.now_ms += DEFAULT.sign_in_seconds * 1000 - 1000
    kept = signs.begin(account.principal, "browser")
    clock.now_ms += 1000

    signs.sweep()

    with database.read() as connection:
        assert connection.scalars(select(sign_ins.c.id)).all() == [kept.id]
        assert connection.execute(select(sign_in_codes)).all() == []


def test_beginning_and_end_are_in_the_audit(
    signs: SignIns, database: Database, account: Account
) -> None:
    signs.end(signs.begin(account.principal, "browser").id)

    with database.read() as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.number)).all()
    assert [(row.principal, row.action, row.object_id) for row in rows] == [
        (account.principal.id, "account.sign-in", account.principal.key_id),
        (account.principal.id, "account.sign-out", account.principal.account_id),
    ]
