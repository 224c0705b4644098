"""The door is closed unless somebody opens it, for networks and as a key that may send."""

import pytest

from isocenter.access.open_door import OpenDoor
from isocenter.access.principal import Principal
from isocenter.errors import InvalidInputError, NotAuthenticatedError

OWNER = Principal("account:1", frozenset({"read", "upload", "write"}), "1", key_id="k1")


def owner_of(key_id: str) -> Principal:
    if key_id != "k1":
        raise NotAuthenticatedError("the key was revoked")
    return OWNER


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.7.4", "2001:db8::/64"])
def test_sender_of_a_named_network_is_the_key_and_may_send_alone(address: str) -> None:
    door = OpenDoor("k1 10.1.0.0/16 192.168.7.4 2001:db8::/32", owner_of)

    principal = door.principal(address)

    assert principal.id == OWNER.id
    assert principal.scopes == {"upload"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "10.1.2.3"),
        ("k1 10.1.0.0/16", "10.2.0.1"),
        ("k1 10.1.0.0/16", "2001:db8::/64"),
        ("k1 2001:db8::/96", "2001:db8::/64"),
        ("k1 0.0.0.0/0", "unknown"),
        ("k2 10.1.0.0/16", "10.1.2.3"),
    ],
)
def test_nobody_else_comes_in(text: str, address: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        OpenDoor(text, owner_of).principal(address)


@pytest.mark.parametrize("text", ["k1", "k1 everywhere", "k1 10.1.2.3/16"])
def test_what_is_no_network_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(InvalidInputError, match="ISOCENTER_ANONYMOUS_UPLOADS"):
        OpenDoor(text, owner_of)
