"""The child process that reads volumes of other formats; of our libraries it loads NumPy alone."""

from isocenter.dicom.label_volumes import write_placed_labels
from isocenter.dicom.nifti import check_nifti
from isocenter.jobs.child_process import Function, serve

TABLE: dict[str, Function] = {
    "isocenter.dicom.nifti:check_nifti": check_nifti,
    "isocenter.dicom.label_volumes:write_placed_labels": write_placed_labels,
}

if __name__ == "__main__":
    serve(TABLE)
