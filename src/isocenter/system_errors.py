"""What the system refuses, as errors of our tree: sentences without a path."""

import errno

from isocenter.errors import IsocenterError, NotFoundError, UnavailableError

_SENTENCES = {
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the file system is read-only",
    errno.EISDIR: "it is a folder",
    errno.EEXIST: "the name is taken",
    errno.ENOTDIR: "a part of the path is no folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ELOOP: "its links go in circles",
    errno.EFBIG: "the file system takes no file of this size",
    errno.EIO: "the disk could not be read or written",
    errno.ENXIO: "not a regular file",
    getattr(errno, "EDQUOT", -1): "the disk quota is used up",
}


_GONE = "there is no such file or folder"
_REFUSED = "the system refused it"
_OF_MACHINE = (
    _GONE,
    *(
        _SENTENCES[code]
        for code in (
            *(errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.EFBIG, errno.EIO),
            getattr(errno, "EDQUOT", -1),
        )
    ),
)
# What jobs/sandbox says when it cannot begin.
_NO_CHILD = ("no scratch file", "no reader process", "the reader process does not start")


def is_of_machine(reason: str) -> bool:
    """Return whether an outcome's reason is a failure of the machine, not of the file.

    Such failures go away without any change of the file: a disk has room again, a permission
    is given.
    """
    return reason.endswith(_OF_MACHINE) or _REFUSED in reason or reason.startswith(_NO_CHILD)


def safe_error(error: OSError) -> IsocenterError:
    """Return the error of our tree that says the same in a sentence without a path."""
    if error.errno == errno.ENOENT:
        return NotFoundError(_GONE)
    code = error.errno or 0
    sentence = _SENTENCES.get(code)
    if sentence is None:
        sentence = f"{_REFUSED} ({errno.errorcode.get(code, 'unknown error')})"
    return UnavailableError(sentence)
