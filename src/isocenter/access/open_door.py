"""Senders that cannot show a key: from named networks alone, as one key that may send.

Nobody comes in by default. Whoever opens the door says as which key, so that what is sent has an
owner, the audit an account, and revoking the key closes the door at once.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import replace

from isocenter.access.principal import Principal
from isocenter.errors import InvalidInputError, NotAuthenticatedError

_MAY = frozenset({"upload"})
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class OpenDoor:
    """Lets senders of some networks in.

    Parameters
    ----------
    text
        The id of a key, then networks: ``<id> 10.1.0.0/16 192.168.7.4``; ``""``: nobody comes in.
    owner_of
        As ``ApiKeys.owner_of``.

    Raises
    ------
    InvalidInputError
        If it says something else.
    """

    def __init__(self, text: str, owner_of: Callable[[str], Principal]) -> None:
        self._key_id, *networks = text.split() or [""]
        self._owner_of = owner_of
        try:
            self._networks = [ipaddress.ip_network(one) for one in networks]
        except ValueError:
            raise InvalidInputError(
                "ISOCENTER_ANONYMOUS_UPLOADS names what is no network, such as 10.1.0.0/16"
            ) from None
        if self._key_id and not networks:
            raise InvalidInputError(
                "ISOCENTER_ANONYMOUS_UPLOADS is the id of a key, then at least one network"
            )

    def principal(self, address: str) -> Principal:
        """Return who a sender without a key is, by its address, or by its network.

        Raises
        ------
        NotAuthenticatedError
            If the door is not open for it, or its key is not good any more.
        """
        try:
            sender = ipaddress.ip_network(address)
        except ValueError:
            raise NotAuthenticatedError from None
        if not any(_is_within(sender, network) for network in self._networks):
            raise NotAuthenticatedError
        principal = self._owner_of(self._key_id)
        return replace(principal, scopes=principal.scopes & _MAY)


def _is_within(sender: _Network, network: _Network) -> bool:
    if isinstance(sender, ipaddress.IPv4Network) and isinstance(network, ipaddress.IPv4Network):
        return sender.subnet_of(network)
    if isinstance(sender, ipaddress.IPv6Network) and isinstance(network, ipaddress.IPv6Network):
        return sender.subnet_of(network)
    return False
