"""Profile, keys and activity on both path sets: nothing secret, nothing of others."""

import asyncio

import pytest

from isocenter.access.quota import Counted
from isocenter.errors import QuotaReachedError
from isocenter.http.blocking import Blocking
from isocenter.http.developer import by_day, counted
from isocenter.http.developer_endpoints import DELETE_KEY, KEYS
from isocenter.services.developers import READ
from tests.developers import PROFILE, Developer, new_developer
from tests.serving import Served, limited, serving

BOTH = list(zip(KEYS, DELETE_KEY, strict=True))


@pytest.fixture(scope="module")
def jane(served: Served) -> Developer:
    return new_developer(served)


@pytest.fixture(scope="module")
def stranger(served: Served) -> Developer:
    return new_developer(served, first_name="")


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_key_is_shown_once_and_never_listed(
    served: Served, jane: Developer, keys: str, slash: str
) -> None:
    made = jane.call("POST", keys.rstrip("/") + slash, json={"name": "k"}).json()
    assert made["key"] == made["api_key"]
    assert served.call("GET", "/v1/usage", key=made["key"]).status_code == 200

    listed = jane.call("GET", keys.rstrip("/") + slash)
    prefix, _, secret = made["key"].partition(".")
    (one,) = [key for key in listed.json() if key["id"] == made["id"]]
    assert set(one) == {
        "id",
        "name",
        "prefix",
        "created",
        "revoked",
        "expiry_date",
        "last_used",
    }
    assert (one["prefix"], one["revoked"], one["expiry_date"]) == (prefix, False, None)
    assert secret not in listed.text
    with served.platform.engines.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT secret_hash FROM api_keys").scalars().all()
    assert not any(secret_hash in listed.text for secret_hash in kept)


@pytest.mark.parametrize(("keys", "delete"), BOTH)
@pytest.mark.parametrize("by", ["id", "prefix"])
def test_a_key_ends_at_once_with_an_empty_answer(
    served: Served, jane: Developer, keys: str, delete: str, by: str
) -> None:
    made = jane.call("POST", keys).json()
    named = made["id"] if by == "id" else made["key"].partition(".")[0]

    gone = jane.call("DELETE", delete.format(key_id=named))

    assert (gone.status_code, gone.content) == (204, b"")
    assert "Content-Length" not in gone.headers
    assert served.call("GET", "/v1/usage", key=made["key"]).status_code == 401
    assert made["id"] not in {key["id"] for key in jane.call("GET", keys).json()}
    assert jane.call("DELETE", delete.format(key_id=named)).status_code == 404


@pytest.mark.parametrize(("keys", "delete"), BOTH)
def test_keys_of_others_are_not_found_and_kept(
    served: Served, jane: Developer, stranger: Developer, keys: str, delete: str
) -> None:
    made = jane.call("POST", keys).json()
    for named in (made["id"], made["key"].partition(".")[0], "x", "%2e%2e"):
        assert stranger.call("DELETE", delete.format(key_id=named)).status_code == 404
    assert served.call("GET", "/v1/usage", key=made["key"]).status_code == 200


@pytest.mark.parametrize("keys", KEYS)
def test_names_of_keys_are_bounded_and_may_be_left_out(
    jane: Developer, stranger: Developer, keys: str
) -> None:
    long = jane.call("POST", keys, json={"name": "x" * 501})
    assert (long.status_code, long.json()) == (
        400,
        {"name": ["Ensure this field has no more than 200 characters."]},
    )
    assert jane.call("POST", keys, json={"name": "a\nb"}).status_code == 400
    assert jane.call("POST", keys).json()["name"] == "Jane-developer-key"
    assert jane.call("POST", keys, json={"name": None}).json()["name"] == "Jane-developer-key"
    assert stranger.call("POST", keys).json()["name"] == "-developer-key"


@pytest.mark.parametrize("keys", KEYS)
def test_a_key_lists_no_keys_and_makes_none(served: Served, jane: Developer, keys: str) -> None:
    key = jane.call("POST", keys).json()["key"]
    for method in ("GET", "POST"):
        answer = served.call(method, keys, key=key)
        assert (answer.status_code, list(answer.json())) == (403, ["detail"])


def test_a_key_without_its_scheme_is_none(served: Served, jane: Developer) -> None:
    key = jane.call("POST", "/api-keys/").json()["key"]
    for scheme, status in (("ApiKey ", 200), ("Bearer ", 200), ("", 401), ("Token ", 401)):
        headers = {"Authorization": f"{scheme}{key}"}
        answer = served.call("GET", "/api/developer/profiles/", key="", headers=headers)
        assert answer.status_code == status, scheme
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_profile_may_say_nothing(served: Served) -> None:
    developer = new_developer(served, has_profile=False)
    for said in ({}, {"purpose": None}, {"purpose": "", "organization": ""}):
        answer = developer.call("POST", "/api/developer/profiles/", json=said)
        assert (answer.status_code, answer.json()) == (
            201,
            {"purpose": None, "organization": None},
        )
    wrong = developer.call("POST", "/api/developer/profiles", json={**PROFILE, "purpose": "fun"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["purpose"])


def test_activity_asks_for_numbers(jane: Developer) -> None:
    path = "/api/developer/profiles/activity-summary/"
    for query in ("timestamp__month=13", "timestamp__month=x", "timestamp__year=-1"):
        answer = jane.call("GET", f"{path}?{query}")
        assert answer.status_code == 400
        assert list(answer.json()) == [query.partition("=")[0]]


def test_days_are_added_up() -> None:
    done = [Counted("2026-11-01", kind, "", 2) for kind in ("generate", "read")]
    assert by_day([*done, Counted("2026-11-02", "read", "k", 1)]) == [
        {"day": "2026-11-01", "count": 4},
        {"day": "2026-11-02", "count": 1},
    ]


def test_of_50_requests_at_10_below_the_quota_exactly_10_are_counted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    limits = limited(monthly_reads=30)
    with serving(tmp_path_factory.mktemp("quota"), limits=limits) as served:
        jane = new_developer(served)
        principal = served.platform.people_tokens.verify(jane.access)
        blocking = Blocking()

        async def work(*, fails: bool = False) -> None:
            async with counted(blocking, served.platform.developers, principal, READ):
                if fails:
                    raise KeyError

        async def work_at_once() -> list[BaseException | None]:
            for _ in range(20):
                await work()
            failed = [work(fails=True) for _ in range(5)]
            await asyncio.gather(*failed, return_exceptions=True)
            return await asyncio.gather(*(work() for _ in range(50)), return_exceptions=True)

        results = asyncio.run(work_at_once())
        blocking.close()
        summary = jane.call("GET", "/api/developer/profiles/activity-summary/").json()
        usage = jane.call("GET", "/v1/usage").json()

    assert results.count(None) == 10
    assert sum(isinstance(one, QuotaReachedError) for one in results) == 40
    assert summary["monthly_total"] == 30
    assert usage["quotas"]["read"] == {"quota": 30, "used": 30}
    assert usage["days"] == summary["daily_activity"]
