"""People of the developer API for tests: an account with tokens, on a server that runs."""

import itertools
from dataclasses import dataclass

import requests

from tests.serving import Served

PASSWORD = "securepassword123"  # noqa: S105 -- that of the document
PROFILE = {"purpose": "testing", "organization": "My Organization"}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Developer:
    """Somebody with an account, who signed in."""

    served: Served
    email: str
    access: str
    refresh: str

    @property
    def bearer(self) -> dict[str, str]:
        """What the requests of a person carry."""
        return {"Authorization": f"Bearer {self.access}"}

    def call(self, method: str, path: str, **arguments: object) -> requests.Response:
        """Send a request with the access token."""
        return self.served.call(method, path, key="", headers=self.bearer, **arguments)


def new_developer(
    served: Served, *, has_profile: bool = True, first_name: str = "Jane"
) -> Developer:
    """Return a new person; by the services, as passwords take time to check."""
    email = f"developer{next(_NUMBERS)}@example.com"
    served.platform.people.register(email, PASSWORD, first_name, "Roe")
    pair = served.platform.people.sign_in(email, PASSWORD)
    developer = Developer(served, email, pair.access, pair.refresh)
    if has_profile:
        made = developer.call("POST", "/api/developer/profiles/", json=PROFILE)
        assert made.status_code == 201, made.text
    return developer
