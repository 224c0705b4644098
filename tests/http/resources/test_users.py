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
