"""The child process that looks at volumes and cuts them into slices; it loads no codec."""

from isocenter.dicom.slice_archive import count_slices, write_slices
from isocenter.jobs.child_process import Function, serve

TABLE: dict[str, Function] = {
    "isocenter.dicom.slice_archive:count_slices": count_slices,
    "isocenter.dicom.slice_archive:write_slices": write_slices,
}

if __name__ == "__main__":
    serve(TABLE)
