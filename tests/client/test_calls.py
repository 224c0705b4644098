import pytest

from isocenter.client import APIHandler
from isocenter.client.calls import id_of, ids_of, only_given, texts_of
from isocenter.errors import InvalidInputError, NotAuthenticatedError, UnavailableError
from tests.faulty_store import FaultyStore
from tests.serving import Served


def test_a_connection_is_checked_if_wished(server: Served, home: object) -> None:
    assert home
    APIHandler(server.url, server.key, check_connection=True).close()
    with pytest.raises(NotAuthenticatedError):
        APIHandler(server.url, "wrong.key", check_connection=True)
    with pytest.raises(UnavailableError):
        APIHandler("http://127.0.0.1:9", "a.b", check_connection=True, max_attempts=1)


def test_the_server_has_two_names_and_the_key_is_not_shown(home: object) -> None:
    assert home
    with APIHandler(server_url="https://a.example/datamint/", api_key="id.s3cr3t") as handler:
        assert handler.root_url == "https://a.example/datamint"
        assert handler.api_key == "id.s3cr3t"
        assert repr(handler) == "APIHandler('https://a.example/datamint')"


@pytest.mark.parametrize("wrong", [{"parallel": 0}, {"parallel": 33}, {"max_attempts": 0}])
def test_bounds_are_kept(home: object, wrong: dict[str, int]) -> None:
    assert home
    with pytest.raises(InvalidInputError):
        APIHandler("https://a.example", "a.b", **wrong)  # type: ignore[arg-type]  # numbers alone


def test_the_server_is_asked_again_and_again(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["GET /resources"] = {"data": [{"resources": []}]}
    store.fail("GET", 503, 503)

    assert list(faulty.get_resources()) == []
    assert store.count("GET") == 3


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ({"data": [{"resources": [{"id": "a"}, {"id": "b"}]}]}, ["a", "b"]),
        ({"data": [{"resources": []}]}, []),
        ({"data": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]),
        ({"data": [{"id": "a"}]}, ["a"]),
        ([{"id": "a"}], ["a"]),
        ({"data": []}, []),
        ({"data": [{"resources": ["a", "b"]}], "totalCount": 2}, ["a", "b"]),
    ],
)
def test_lists_are_read_in_every_documented_shape(
    faulty: APIHandler, store: FaultyStore, answer: object, ids: list[str]
) -> None:
    store.answers["GET /resources"] = answer

    assert [one["id"] for one in faulty.get_resources()] == ids
    assert list(faulty.get_resources(return_ids_only=True)) == ids


def test_a_list_that_is_none_is_nonsense(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["GET /resources"] = {"items": 3}

    with pytest.raises(UnavailableError, match="no usable answer"):
        len(faulty.get_resources())


def test_ids_come_in_many_forms() -> None:
    assert ids_of("a") == ids_of({"id": "a"}) == ids_of([{"id": "a"}]) == ids_of(("a",)) == ["a"]
    assert id_of({"id": "a"}) == "a"
    for wrong in (3, [3], [""], [{"name": "a"}]):
        with pytest.raises(InvalidInputError):
            ids_of(wrong)
    with pytest.raises(InvalidInputError, match="one id"):
        id_of(["a", "b"])


def test_values_go_as_the_contract_spells_them() -> None:
    values = {"ids": True, "asc": False, "limit": 3, "channel": None, "status": "inbox"}

    assert only_given(values) == {"ids": "True", "asc": "False", "limit": 3, "status": "inbox"}


def test_one_text_is_a_list_of_one() -> None:
    assert (texts_of(None), texts_of("ab"), texts_of(("a", "b"))) == ([], ["ab"], ["a", "b"])
