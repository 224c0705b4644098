"""The services of what is learnt from, wired to one another: what faces get as one thing."""

from dataclasses import dataclass
from pathlib import Path

from isocenter.services.annotation_files import AnnotationFiles
from isocenter.services.annotations import Annotations
from isocenter.services.archive import Archive
from isocenter.services.child_pool import ChildPool
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.learning_sets import LearningSets
from isocenter.services.projects import Projects
from isocenter.services.snapshots import Snapshots
from isocenter.services.volume_masks import VolumeMasks


@dataclass(frozen=True, slots=True)
class Learning:
    """Annotations, projects, learning sets and their snapshots."""

    annotations: Annotations
    projects: Projects
    sets: LearningSets
    snapshots: Snapshots


def make_learning(
    engines: LearningEngines, archive: Archive, pool: ChildPool, scratch: Path
) -> Learning:
    """Return the services.

    Parameters
    ----------
    archive
        Tells how large the Frames of an Instance are, and lays volumes on them.
    pool
        Children that decode pictures.
    scratch
        A folder of this process alone.
    """
    limits = engines.limits
    files = AnnotationFiles(
        engines.blobs,
        archive.retrieval,
        pool,
        scratch,
        archive.segmentations.check_nifti,
        limits.annotation_file_bytes,
    )
    volumes = VolumeMasks(
        archive.segmentations, archive.studies, files.frame_size, limits.kept_label_bytes
    )
    sets = LearningSets(engines)
    return Learning(
        Annotations(engines, files, volumes), Projects(engines, sets), sets, Snapshots(engines)
    )
