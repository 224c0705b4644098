"""The services of what is learnt from, wired to one another: what faces get as one thing."""

from dataclasses import dataclass
from pathlib import Path

from isocenter.services.annotation_files import AnnotationFiles
from isocenter.services.annotations import Annotations
from isocenter.services.child_pool import ChildPool
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.learning_sets import LearningSets
from isocenter.services.projects import Projects
from isocenter.services.retrieval import Retrieval
from isocenter.services.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class Learning:
    """Annotations, projects, learning sets and their snapshots."""

    annotations: Annotations
    projects: Projects
    sets: LearningSets
    snapshots: Snapshots


def make_learning(
    engines: LearningEngines, retrieval: Retrieval, pool: ChildPool, scratch: Path
) -> Learning:
    """Return the services.

    Parameters
    ----------
    retrieval
        Tells how large the Frames of an Instance are.
    pool
        Children that decode pictures.
    scratch
        A folder of this process alone.
    """
    files = AnnotationFiles(
        engines.blobs, retrieval, pool, scratch, engines.limits.annotation_file_bytes
    )
    sets = LearningSets(engines)
    return Learning(Annotations(engines, files), Projects(engines, sets), sets, Snapshots(engines))
