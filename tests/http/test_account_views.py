"""What the page of an account shows: escaped, with labelled fields and a chart in numbers."""

import re
from html.parser import HTMLParser

from isocenter.access.api_keys import KeyFacts
from isocenter.access.quota import Counted
from isocenter.http.account_views import AccountView
from isocenter.services.developers import GENERATE, READ, Profile, Usage

EVIL = "<script>alert('x')</script>"
VIEW = AccountView("/images/app/account", "2026-02-20", EVIL)
KEY = KeyFacts("id-1", "account", EVIL, ("read",), 0, None, None, None, 1)
COUNTED = [Counted("2026-02-01", READ, "", 3), Counted("2026-02-28", GENERATE, "id-1", 6)]
USAGE = Usage(COUNTED, {READ: 3, GENERATE: 6}, 1000)
NOTHING = Usage([], {READ: 0, GENERATE: 0}, 1000)


class Fields(HTMLParser):
    """Collects fields, labels and forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[dict[str, str | None]] = []
        self.labels: list[str | None] = []
        self.actions: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"input", "select", "meter"} and said.get("type") != "hidden":
            self.fields.append(said)
        elif tag == "label":
            self.labels.append(said.get("for"))
        elif tag == "form":
            self.actions.append(said.get("action"))


def pages() -> list[str]:
    return [
        VIEW.visitor(may_register=True, may_reset=True),
        VIEW.visitor(may_register=False),
        VIEW.account(EVIL, Profile("research", EVIL), [KEY], USAGE),
        VIEW.account(EVIL, None, [], NOTHING),
        VIEW.key(EVIL, USAGE),
        VIEW.new_key(EVIL, "id.secret"),
    ]


def test_what_somebody_chose_is_text() -> None:
    for text in pages():
        assert "<script" not in text


def test_every_field_has_one_label_and_an_id_of_its_own() -> None:
    for text in pages():
        found = Fields(text)
        ids = [field["id"] for field in found.fields]
        assert sorted(map(str, ids)) == sorted(map(str, found.labels))
        assert len(set(ids)) == len(ids)
        assert all(str(action).startswith("/images/app/account/") for action in found.actions)


def test_passwords_say_to_browsers_what_they_are() -> None:
    fields = Fields(VIEW.account("Jane", None, [], NOTHING)).fields
    kinds = {field["name"]: field["autocomplete"] for field in fields if "autocomplete" in field}
    assert [kinds[f"{which}_password"] for which in ("old", "new")] == [
        "current-password",
        "new-password",
    ]


def test_the_chart_has_a_bar_for_each_day_and_says_its_numbers() -> None:
    text = VIEW.key("Jane", USAGE)
    heights = [int(height) for height in re.findall(r"<rect [^>]*height='(\d+)'", text)]
    assert heights == [50, 100]
    assert "viewBox='0 0 448 120'" in text  # 28 days
    assert "aria-label='9 files in 2026-02, at most 6 on one day'" in text
    assert "<td>2026-02-28<td>6" in text
    assert "Nothing was used" in VIEW.key("Jane", NOTHING)


def test_without_a_profile_there_is_no_form_for_keys() -> None:
    assert "/keys" not in "".join(map(str, Fields(VIEW.account("J", None, [], USAGE)).actions))
