"""The child process that decodes whatever can be decoded; it loads all codecs."""

from isocenter.dicom.any_pictures import export_frames, measure_frames
from isocenter.dicom.foreign_pictures import read_picture
from isocenter.dicom.web_pictures import export_web_pictures
from isocenter.jobs.child_process import Function, serve

TABLE: dict[str, Function] = {
    "isocenter.dicom.any_pictures:export_frames": export_frames,
    "isocenter.dicom.any_pictures:measure_frames": measure_frames,
    "isocenter.dicom.foreign_pictures:read_picture": read_picture,
    "isocenter.dicom.web_pictures:export_web_pictures": export_web_pictures,
}

if __name__ == "__main__":
    serve(TABLE)
