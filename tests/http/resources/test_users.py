"""Users over HTTP: oneself, and for administrators everybody."""

from tests.resource_wire import Wire

JANE = "jane.doe@example.org"


def test_one_sees_oneself(wire: Wire) -> None:
    listed = wire.call("GET", "/users").json()
    other = wire.call("GET", "/datamint/users", key=wire.served.new_key()).json()

    assert [one["email"] for one in listed] == ["test"]
    assert len(other) == 1
    assert other[0]["id"] != listed[0]["id"]
    required = {"id", "email", "firstname", "lastname", "roles", "customer_id", "created_at"}
    assert required == listed[0].keys()
    for name in (listed[0]["id"], "test"):
        assert wire.call("GET", f"/users/{name}").json() == listed[0]


def test_an_administrator_sees_everybody(wire: Wire) -> None:
    wire.served.platform.people.register(JANE, "correct horse battery", "Jane", "Doe")
    admin = wire.served.platform.administration.create_key("admin", scopes=("read", "admin")).text

    listed = wire.call("GET", "/users", key=admin).json()
    jane = wire.call("GET", f"/users/{JANE}", key=admin).json()

    assert {"test", "admin", JANE} <= {one["email"] for one in listed}
    assert (jane["firstname"], jane["lastname"], jane["roles"]) == ("Jane", "Doe", ["user"])
    assert wire.call("GET", f"/users/{JANE}").status_code == 404


def test_an_administrator_makes_accounts(wire: Wire) -> None:
    admin = wire.served.platform.administration.create_key("maker", scopes=("admin", "read")).text
    john = {"email": "John@example.org", "password": "correct horse", "firstname": "John"}

    made = wire.call("POST", "/users", key=admin, json={**john, "lastname": None, "roles": []})
    again = wire.call("POST", "/users", key=admin, json=john)
    unknown = {"email": "jim@example.org"}
    without = wire.call("POST", "/datamint/users", key=admin, json=unknown)

    assert made.status_code == 201
    assert (made.json()["email"], made.json()["firstname"]) == ("john@example.org", "John")
    account = wire.served.platform.people.check("john@example.org", "correct horse")
    assert account.id == made.json()["id"]
    assert again.status_code == 409
    assert without.status_code == 201
    assert wire.call("POST", "/users", json=john).status_code == 403
    for wrong in ({"email": "no address"}, {"email": 1}, {}, {**unknown, "password": "short"}):
        assert wire.call("POST", "/users", key=admin, json=wrong).status_code in {400, 409}
