import pytest

from isocenter.access.principal import (
    SCOPES,
    USUAL_SCOPES,
    Principal,
    account_owner,
    check_scopes,
    cookie_owner,
    principal_of,
)
from isocenter.errors import InvalidInputError, NotAllowedError


def test_no_named_scope_means_all_but_admin() -> None:
    assert check_scopes([]) == USUAL_SCOPES == set(SCOPES) - {"admin"}


def test_named_scopes_are_those_and_no_others() -> None:
    assert check_scopes(["read", "admin", "read"]) == {"read", "admin"}


def test_a_scope_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="read, upload"):
        check_scopes(["read", "everything"])


def test_a_lacking_scope_is_named() -> None:
    principal = Principal(account_owner("a"), frozenset({"read"}), "a")

    principal.require("read")
    with pytest.raises(NotAllowedError, match="write") as caught:
        principal.require("write")

    assert caught.value.scope == "write"


def test_an_owner_gives_its_principal_back() -> None:
    scopes = frozenset({"read"})

    assert principal_of(account_owner("a"), scopes) == Principal("account:a", scopes, "a")
    assert principal_of(cookie_owner("c"), scopes) == Principal("cookie:c", scopes)


@pytest.mark.parametrize(
    ("owner", "account_id"), [("a", None), ("account:a", None), ("cookie:c", "c")]
)
def test_a_principal_is_an_account_or_a_cookie(owner: str, account_id: str | None) -> None:
    with pytest.raises(AssertionError):
        Principal(owner, frozenset(), account_id)
