import contextlib

from isocenter.client.scratch import new_scratch


def test_a_scratch_file_is_read_back_and_goes_with_its_stack() -> None:
    with contextlib.ExitStack() as stack:
        scratch = new_scratch(stack)
        scratch.write(b"data")
        scratch.seek(0)
        assert scratch.read() == b"data"
    assert scratch.closed
