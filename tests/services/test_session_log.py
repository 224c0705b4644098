"""The log: names of the session only, and nothing that a shell would expand."""

from isocenter.services.session_log import LINE_CHARACTERS_MAX, LINES_MAX, SessionLog, plain


def test_generated_names_and_folders_are_replaced() -> None:
    told: list[str] = []
    names = {1: "a.dcm", 12: "IM000012"}
    log = SessionLog(names, ["/scratch/job", "/scratch/job/in"], told.append)

    log.add("INFO", "Processing 2 files...")
    log.add("WARN", "/scratch/job/in/input_00001.dcm: odd")
    log.add("ERROR", "input_00012: worse, in /scratch/job/in and input_00077.dcm")

    assert log.lines == [
        "[INFO] Processing 2 files...",
        "[WARN] a.dcm: odd",
        "[ERROR] IM000012: worse, in session and input_00077.dcm",
    ]
    assert told == log.lines


def test_no_character_is_left_that_a_shell_expands() -> None:
    assert plain("a*b?c\\d\ne\0f\u2028g\ud800h") == "a+b_c/d e f g h"


def test_text_is_taken_line_by_line() -> None:
    log = SessionLog({}, [], lambda _: None)

    log.add_text("  one\n  two?\n")

    assert log.lines == ["  one", "  two_"]


def test_a_log_has_an_end() -> None:
    log = SessionLog({}, [], lambda _: None)

    for _ in range(LINES_MAX + 100):
        log.add("INFO", "x" * (2 * LINE_CHARACTERS_MAX))

    assert len(log.lines) == LINES_MAX + 1
    assert "left out" in log.lines[-1]
    assert max(map(len, log.lines)) <= LINE_CHARACTERS_MAX + len("[INFO] ")
