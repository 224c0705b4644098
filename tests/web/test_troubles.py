"""What goes wrong: each limit and error in words that say what to do."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.desk import Desk

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]


def _refuse_once(page: Page, pattern: str, status: int, error: str, **headers: str) -> None:
    """Answer the first request like a server that refuses; the next ones reach the real one."""
    refused: list[str] = []

    def handle(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        route.fulfill(status=status, json={"error": error}, headers=named)

    page.route(pattern, handle)


def test_too_many_requests_are_counted_down_and_then_sent(desk: Desk) -> None:
    _refuse_once(desk.page, "**/api/upload/**", 429, "slow down", Retry_After="2")

    desk.add(desk.slices(2))

    expect(desk.page.locator(".trouble")).to_contain_text("Too many requests")
    expect(desk.page.locator(".trouble")).to_contain_text(re.compile(r"Trying again in \d second"))
    desk.wait_stored(2)


def test_a_full_server_is_asked_again(desk: Desk) -> None:
    _refuse_once(desk.page, "**/api/session", 503, "50 sessions are open", Retry_After="2")

    desk.add(desk.slices(1))

    expect(desk.page.locator(".trouble")).to_contain_text("The server is full")
    desk.page.get_by_role("button", name="Try now").click()
    desk.wait_stored(1)


def test_too_large_an_upload_is_not_tried_again_by_itself(desk: Desk) -> None:
    _refuse_once(desk.page, "**/api/upload/**", 413, "more than 500 MB")

    desk.add(desk.slices(1))

    expect(desk.page.locator(".upload")).to_contain_text("1 problem")
    desk.page.locator(".upload summary").click()
    expect(desk.page.locator(".file")).to_contain_text("more than 500 MB")
    desk.page.get_by_role("button", name="Try again").click()
    desk.wait_stored(1)


def test_a_lost_connection_is_found_again(desk: Desk) -> None:
    paths = desk.slices(2)
    desk.page.context.set_offline(True)

    desk.add(paths)

    expect(desk.page.locator(".trouble")).to_contain_text("The connection is lost")
    desk.page.context.set_offline(False)
    desk.wait_stored(2)


def test_an_empty_file_is_refused_before_it_is_sent(desk: Desk) -> None:
    empty = desk.folder / "empty.dcm"
    empty.touch()

    desk.add([empty, *desk.slices(1)])

    expect(desk.page.locator(".upload")).to_contain_text("1 file uploaded, 1 problem")


def test_a_limit_of_processing_is_counted_down_and_then_begins(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    _refuse_once(desk.page, "**/api/process/**", 429, "30 a minute", Retry_After="2")

    desk.begin("merge")

    expect(desk.notice).to_contain_text(re.compile(r"Trying again in \d second"))
    desk.wait_run()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "The server could not do this"),
        (403, "This is not allowed here"),
        (500, "The server made a mistake"),
        (504, "This took longer than the server allows"),
    ],
)
def test_every_refusal_has_words(desk: Desk, status: int, said: str) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    _refuse_once(desk.page, "**/api/process/**", status, "in the server's words")

    desk.begin("merge")

    expect(desk.notice).to_contain_text(said)
    expect(desk.notice).to_contain_text("In the server's words.")


def test_what_suits_no_file_is_said_in_the_server_s_words(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)

    desk.begin("split")

    expect(desk.notice).to_contain_text("multi-frame")


def test_after_the_end_of_a_session_the_same_files_go_into_a_new_one(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    # The page asks for the series after the upload: it must not be told there that the session
    # ended, because then nothing can be begun any more.
    desk.wait_image()
    ended = desk.session_id
    desk.served.platform.sessions.delete(desk.owner(), ended)

    desk.begin("merge")

    expect(desk.notice).to_contain_text("This session has ended")
    desk.page.get_by_role("button", name="Upload again").click()
    # The heading is still that of before; the image went with the session.
    desk.wait_image()
    assert desk.session_id != ended
    desk.card("merge").locator("button[type=submit]").click()
    desk.wait_run()


def test_an_end_that_comes_near_is_said(page: Page, desk: Desk) -> None:
    page.clock.install()
    desk.open()
    desk.add(desk.slices(1))
    desk.wait_stored(1)
    # What is on its way must come before the hour has passed, or it is lost in the jump.
    desk.wait_image()

    page.clock.fast_forward("51:00")

    expect(page.locator(".clock")).to_have_class(re.compile("is-soon"))
    expect(desk.notice).to_contain_text("are deleted in")
    page.clock.fast_forward("10:00")
    expect(desk.notice.last).to_contain_text("This session has ended")


def test_work_is_cancelled(desk: Desk) -> None:
    desk.add(desk.slices(300))
    desk.wait_stored(300)
    desk.begin("compress_lossless")

    desk.run.get_by_role("button", name="Cancel").click()

    desk.wait_run("Cancelled")


def test_without_events_the_state_is_asked_for(desk: Desk) -> None:
    desk.page.route("**/events", lambda route: route.abort())
    desk.add(desk.slices(2))
    desk.wait_stored(2)

    desk.begin("merge")

    desk.wait_run()


def test_what_is_no_image_is_named_and_does_no_harm(desk: Desk) -> None:
    notes = desk.folder / "notes.txt"
    notes.write_text("not an image")

    desk.add([notes, *desk.slices(1)])

    desk.wait_stored(2)
    expect(desk.page.get_by_text("1 file without images")).to_be_visible()
