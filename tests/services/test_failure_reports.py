import io

from PIL import Image

from isocenter.services.failure_reports import failure_picture, failure_text
from isocenter.store.analysis_orders import Order

ORDER = Order(
    id="order-1",
    owner="account:1",
    study_uid="1.2.3",
    analysis="lungs",
    study_changed_ms=0,
    run=0,
    state="failed",
    attempts=3,
    job_id=None,
    error="the command ended with code 3",
    log="no GPU\n\n" + "x" * 250,
    created_ms=0,
    finished_ms=1,
    acknowledged_ms=None,
)


def test_a_failure_says_what_is_known_and_not_of_whom() -> None:
    text = failure_text(ORDER)

    assert "Analysis lungs failed.\nOrder: order-1\nAttempts: 3\n" in text
    assert "Reason: the command ended with code 3" in text
    assert "no GPU" in text
    assert ORDER.study_uid not in text
    assert "printed" not in failure_text(ORDER._replace(log=""))


def test_a_failure_is_a_picture_for_those_who_show_no_text() -> None:
    with Image.open(io.BytesIO(failure_picture(failure_text(ORDER)))) as picture:
        values = picture.convert("L").tobytes()
        size = picture.size

    assert min(values) < 10
    assert max(values) == 255
    assert size[0] > 600
    with Image.open(io.BytesIO(failure_picture("x\n" * 10_000))) as picture:
        assert picture.height < 10_000
