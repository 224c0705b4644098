import io

from isocenter.client.progress import ProgressLine


def test_a_line_says_how_many_are_done() -> None:
    stream = io.StringIO()

    with ProgressLine("Uploading", 2, is_shown=True, stream=stream) as line:
        line.tell()
        line.tell()

    assert stream.getvalue().endswith(f"\rUploading [{'#' * 24}] 2/2\n")


def test_a_number_that_nobody_knows_is_not_said() -> None:
    stream = io.StringIO()

    with ProgressLine("Uploading", None, is_shown=True, stream=stream) as line:
        line.tell()

    assert stream.getvalue().endswith("\rUploading 1\n")


def test_nothing_is_said_where_nobody_looks() -> None:
    stream = io.StringIO()

    with ProgressLine("Uploading", 1, stream=stream) as line:
        line.tell()

    assert stream.getvalue() == ""
