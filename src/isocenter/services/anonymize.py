"""De-identify files: a new header, cleaned pixels, a search of the result, and only then a name.

A file that cannot be de-identified fails with a reason and nothing of it comes out. Outputs in a
folder of their own have neutral names; beside their inputs they are named after them, unless that
name says who it is.
"""

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isocenter.dicom.deidentify.apply import Deidentified, deidentify
from isocenter.dicom.deidentify.identifiers import Identifiers, collect
from isocenter.dicom.deidentify.profile import Held, Profile
from isocenter.dicom.deidentify.regions import encode_regions
from isocenter.dicom.deidentify.rules import Rules
from isocenter.dicom.deidentify.self_check import Hit, check, check_name
from isocenter.dicom.streams import ByteRange, ByteSource, Piece, PiecesSource
from isocenter.dicom.values import first_string
from isocenter.errors import HeldBackError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox, pixel_limits, told_warnings
from isocenter.jobs.text_reader import find_text_reader
from isocenter.services.crosswalk import Crosswalk, Entry
from isocenter.services.files import FileSource
from isocenter.services.one_each import (
    Bench,
    Made,
    Maker,
    Name,
    Namer,
    Plan,
    Skipped,
    make_one_each,
)
from isocenter.services.outputs import write_pieces
from isocenter.services.pieces import OpenSource
from isocenter.services.profiles import read_profile
from isocenter.services.reports import Report, Work
from isocenter.services.sources import OpenedFile
from isocenter.services.text_candidates import TextCandidates

_BLANK = "isocenter.jobs.transcode_child:blank_in_threads"
_SUFFIX = "_anon"
_NEUTRAL_NAME = re.compile(r"anon_\d{4,}(_\d+)?")
_IDENTITY_REMOVED = 0x00120062
_HITS_NAMED_MAX = 3


def anonymize(work: Work) -> Report:
    """De-identify by PS3.15 Annex E; report what became of every input.

    Options: ``profile`` (``basic`` or ``none``), ``retain``, ``clean``, ``params``, ``regions``,
    ``accept_burned_in``, ``detect_text``, ``accept``, ``key_file``, ``crosswalk``, ``in_place``;
    the table of actions says what they mean.

    Raises
    ------
    InvalidInputError
        If an option or a line of the parameters says nothing sensible; it names the line.
    NotSupportedError
        If an option of Annex E is not available.
    TooLargeError
        If there are more files than ``limits`` allow.
    NotFoundError, UnavailableError
        If the key, the parameters or the crosswalk cannot be read or written, or text is to be
        looked for and Tesseract is not installed.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    profile, notes = read_profile(work)
    if work.options.get("detect_text"):
        find_text_reader()
    path = work.options.get("crosswalk")
    crosswalk = Crosswalk(Path(str(path)), work.out, work.limits) if path else None
    task = _Task(work, profile, Rules(profile), crosswalk)
    plan = Plan("anonymize", "De-identifying", _SUFFIX, _NEUTRAL_NAME)
    try:
        report = make_one_each(work, plan, task.new_maker, name=_namer(work))
        task.remember_files(report)
    finally:
        if crosswalk is not None:
            crosswalk.write()
    report.warnings[:0] = notes
    return report


def _namer(work: Work) -> Namer:
    """Return what names outputs: neutrally in a folder of their own, else after their input."""

    def name(path: Path, number: int, made: Made) -> Name:
        neutral = f"anon_{number:04d}"
        folder = work.out if work.out is not None else path.parent
        if made.hides_name or not work.is_beside:
            return Name(folder, neutral, ".dcm")
        return Name(folder, f"{path.stem}{_SUFFIX}", path.suffix)

    return name


@dataclass(slots=True)
class _Task:
    """One run: what is asked for, and what all workers share."""

    work: Work
    profile: Profile
    rules: Rules
    crosswalk: Crosswalk | None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new_maker(self, bench: Bench) -> Maker:
        """Return what de-identifies files, one after the other."""
        limits = pixel_limits(self.work.limits)
        sandbox = bench.stack.enter_context(Sandbox(limits, child=TRANSCODE_CHILD))
        candidates = None
        if self.work.options.get("detect_text"):
            candidates = TextCandidates(bench.stack, bench.scratch, self.work.limits)
        return _Anonymizer(self, sandbox, bench, candidates)

    def remember_values(self, made: Deidentified) -> None:
        """Note in the crosswalk what stands for what."""
        if self.crosswalk is not None:
            with self.lock:
                self.crosswalk.add_values(
                    Entry(one.kind, one.original, one.replacement) for one in made.replacements
                )

    def remember_files(self, report: Report) -> None:
        """Note in the crosswalk which output came of which input."""
        if self.crosswalk is not None:
            for outcome in report.files:
                for output in outcome.outputs:
                    self.crosswalk.add_file(outcome.path, output)


@dataclass(slots=True)
class _Anonymizer:
    """De-identifies files, with a child process for those whose Frames must be decoded."""

    task: _Task
    sandbox: Sandbox
    bench: Bench
    candidates: TextCandidates | None

    def make(self, opened: OpenedFile) -> Made | Skipped:
        """Return what the profile lets pass of a file, searched for what may not pass.

        Raises
        ------
        HeldBackError
            If nothing may.
        InvalidInputError, NotSupportedError, TooLargeError, DeadlineExceededError
            If it cannot be de-identified.
        """
        if self._is_own_output(opened):
            return Skipped("de-identified by an earlier run")
        made = self._deidentified(opened)

        def open_source(_: int) -> FileSource:
            return FileSource(opened.source.path, opened.source.stamp)

        if made.pixel_work:
            return self._with_pixel_work(opened, made, open_source)
        output = PiecesSource(made.pieces, [opened.source])
        return self._checked(opened, made, output, made.pieces, open_source)

    def kill(self) -> None:
        """End the children."""
        self.sandbox.kill()
        if self.candidates is not None:
            self.candidates.kill()

    def _deidentified(self, opened: OpenedFile) -> Deidentified:
        """Return what the profile lets pass; where text holds it back, say where some may stand.

        Raises
        ------
        HeldBackError
            If nothing may pass.
        """
        try:
            return deidentify(opened.header, opened.source, self.task.profile)
        except HeldBackError as error:
            if self.candidates is None or f"'{Held.BURNED_IN}'" not in error.reason:
                raise
            found = self.candidates.sentence(opened.source.path, opened.header)
            raise HeldBackError(f"{error.reason}; {found}") from None

    def _is_own_output(self, opened: OpenedFile) -> bool:
        """Return whether an earlier run put the file beside its input under a neutral name."""
        work = self.task.work
        if not work.is_beside or work.options.get("in_place") or opened.path in work.paths:
            return False
        if not _NEUTRAL_NAME.fullmatch(opened.path.stem):
            return False
        return first_string(opened.header.dataset, _IDENTITY_REMOVED) == "YES"

    def _with_pixel_work(
        self, opened: OpenedFile, made: Deidentified, open_source: OpenSource
    ) -> Made:
        """Let the child blank regions; what it made is searched like everything else."""
        cleaned, blanked = (
            self.bench.scratch / f"{os.urandom(8).hex()}.{kind}" for kind in ("header", "made")
        )

        def discard() -> None:
            blanked.unlink(missing_ok=True)

        try:
            write_pieces(cleaned, made.pieces, open_source, durable=False)
            facts = self.sandbox.transform(
                _BLANK,
                cleaned,
                blanked,
                regions=encode_regions(made.pixel_work.regions),
                threads=self.bench.threads,
            )
            with FileSource(blanked) as output:
                pieces = [ByteRange(0, 0, output.size)]
                result = self._checked(opened, made, output, pieces, lambda _: FileSource(blanked))
        except BaseException:
            discard()
            raise
        finally:
            cleaned.unlink(missing_ok=True)
        return result._replace(warnings=(*result.warnings, *told_warnings(facts)), discard=discard)

    def _checked(
        self,
        opened: OpenedFile,
        made: Deidentified,
        output: ByteSource,
        pieces: Sequence[Piece],
        open_source: OpenSource,
    ) -> Made:
        """Return the result if nothing of the source's identity is found in it.

        Raises
        ------
        HeldBackError
            If something is.
        """
        warnings = list(made.warnings)
        hides_name = False
        if not self.task.profile.is_none:
            identifiers = collect(opened.header, self.task.rules.letter)
            hits = check(output, identifiers, allowed=self._set_by_caller())
            if hits:
                raise HeldBackError(_about(hits))
            hides_name = not _has_harmless_name(opened.path, identifiers)
            if hides_name and self.task.work.options.get("in_place"):
                warnings.append("the name of the file itself says whose it is")
        self.task.remember_values(made)
        return Made(pieces, open_source, 0, tuple(warnings), hides_name=hides_name)

    def _set_by_caller(self) -> list[str]:
        return [edit.text for edit in self.task.profile.parameters if edit.text]


def _has_harmless_name(path: Path, identifiers: Identifiers) -> bool:
    return check_name(path.name, identifiers)


def _about(hits: Sequence[Hit]) -> str:
    named = ", ".join(str(hit) for hit in hits[:_HITS_NAMED_MAX])
    more = f" and {len(hits) - _HITS_NAMED_MAX} more" if len(hits) > _HITS_NAMED_MAX else ""
    return f"the result still holds values of its source: {named}{more}"
