"""The child process that reads odd files; it loads pydicom."""

from isocenter.dicom.rewrite import rewrite
from isocenter.jobs.child_process import Function, serve

TABLE: dict[str, Function] = {"isocenter.dicom.rewrite:rewrite": rewrite}

if __name__ == "__main__":
    serve(TABLE)
