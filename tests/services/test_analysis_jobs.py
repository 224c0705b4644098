from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import STUDY_PURPOSE, SignedTokens
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.jobs.queue import Job
from isocenter.services.analysis_jobs import KIND, AnalysisJobs
from isocenter.services.analysis_table import Analysis
from tests.analysed import House, analysed
from tests.archives import OWNER

URL = "https://here.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    hook = Analysis("hook", webhook="https://there.example", seconds=5)
    with analysed(tmp_path_factory.mktemp("house"), [hook], works=False, public_url=URL) as house:
        yield house


def jobs_of(house: House) -> AnalysisJobs:
    """Return what the worker of a house calls."""
    return house.analyses._jobs


def leased(house: House, name: str) -> Job:
    """Order an analysis of a new Study and take its job."""
    house.analyses.order(OWNER, house.new_study(name), "hook")
    job = house.queue.lease(f"worker-{name}", [KIND], 60_000)
    assert job is not None
    return job


def test_the_child_is_told_what_it_needs_and_no_more(house: House, tmp_path: Path) -> None:
    job = leased(house, "arguments")

    told = jobs_of(house).prepare(job, tmp_path)

    assert told["webhook"] == "https://there.example"
    assert told["seconds"] == 5
    inputs = told["inputs"]
    assert isinstance(inputs, list)
    assert [Path(one).read_bytes()[128:132] for one in inputs] == [b"DICM"] * 2
    hook = told["told"]
    assert isinstance(hook, dict)
    study_uid = told["study_uid"]
    assert hook["dicomweb_url"] == f"{URL}/dicom-web/studies/{study_uid}"
    tokens = SignedTokens(ServerSecret(bytes(32)), house.desk.clock)
    assert tokens.check(hook["token"], STUDY_PURPOSE, bound_to=str(study_uid)) == OWNER


def test_a_study_that_is_gone_is_not_analysed(house: House, tmp_path: Path) -> None:
    job = leased(house, "gone")
    order = house.analyses.status(OWNER, str(job.payload["order"])).order
    house.desk.archive.studies.delete(OWNER, order.study_uid)

    with pytest.raises(NotFoundError):
        jobs_of(house).prepare(job, tmp_path)


def test_what_lies_elsewhere_is_never_taken(house: House, tmp_path: Path) -> None:
    job = leased(house, "elsewhere")
    (tmp_path / "scratch").mkdir()
    (tmp_path / "secret.txt").write_text("s3cr3t")
    (tmp_path / "scratch" / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in (tmp_path / "secret.txt", tmp_path / "scratch" / "link.txt"):
        output = {"path": str(path), "name": "a.txt", "report_type": "TXT"}
        answer = {"is_ok": True, "error": "", "log": "", "outputs": [output]}
        with pytest.raises(InvalidInputError):
            jobs_of(house).publish(job, answer, tmp_path / "scratch", lambda *_: None)
