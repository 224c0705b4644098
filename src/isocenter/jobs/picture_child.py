"""The child process that makes pictures of native Frames; it loads no codec and starts fast."""

from isocenter.dicom.frame_pictures import export_native_frames, measure_native_frames
from isocenter.jobs.child_process import Function, serve

TABLE: dict[str, Function] = {
    "isocenter.dicom.frame_pictures:export_native_frames": export_native_frames,
    "isocenter.dicom.frame_pictures:measure_native_frames": measure_native_frames,
}

if __name__ == "__main__":
    serve(TABLE)
