"""Every bound of the project: name, default, unit and the reason for it.

Each can be set by ``ISOCENTER_LIMIT_<NAME>`` (``settings`` reads the environment, this module
does not); functions take a ``Limits`` value as an argument and fall back to ``DEFAULT``.
"""

from dataclasses import dataclass, field, fields


def _bound(default: int, unit: str, reason: str) -> int:
    value: int = field(default=default, metadata={"unit": unit, "reason": reason})
    return value


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds in force; each is a positive whole number."""

    header_depth: int = _bound(
        64, "levels", "Sequences nest 3-8 deep in practice; deeper input is an attack on the stack."
    )
    header_elements: int = _bound(
        10_000_000,
        "elements",
        "A merged object of 100,000 slices has some millions; each costs a microsecond or two.",
    )
    header_held_elements: int = _bound(
        1_000_000,
        "elements",
        "Elements of one Data Set or sequence in memory at once, about 300 bytes each.",
    )
    header_fragments: int = _bound(
        1_000_000, "fragments", "One fragment per frame is usual; a table of more fills memory."
    )
    header_value_bytes: int = _bound(
        256 * 1024 * 1024,
        "bytes",
        "The largest single value outside Pixel Data that is read into memory.",
    )
    inflated_bytes: int = _bound(
        2 * 1024 * 1024 * 1024, "bytes", "A deflated Data Set can grow a thousandfold."
    )
    inflate_ratio: int = _bound(
        1100, "times", "Deflate cannot exceed about 1,032 times; more means a crafted stream."
    )
    child_seconds: int = _bound(
        60, "seconds", "An odd file that pydicom cannot read in a minute is given up."
    )
    child_memory_bytes: int = _bound(
        4 * 1024 * 1024 * 1024, "bytes", "Address space of the process that reads an odd file."
    )
    child_answer_bytes: int = _bound(
        1024 * 1024, "bytes", "Facts about one file are short; the parent reads no more of them."
    )
    frame_bytes: int = _bound(
        1024 * 1024 * 1024,
        "bytes",
        "The largest single Frame that is decoded: each thread holds a few of them.",
    )
    frames_in_flight_bytes: int = _bound(
        256 * 1024 * 1024,
        "bytes",
        "Frames of one file that are decoded or encoded at once, however many threads there are.",
    )
    picture_bytes: int = _bound(
        512 * 1024 * 1024,
        "bytes",
        "A foreign picture, decoded: a file of some kilobytes can claim to be larger.",
    )
    picture_frames: int = _bound(
        20_000, "frames", "Pages and animation steps of one foreign picture."
    )
    template_bytes: int = _bound(
        16 * 1024 * 1024, "bytes", "A JSON file with the attributes of new instances."
    )
    transcode_seconds: int = _bound(
        3600, "seconds", "A large multi-frame object takes minutes to encode; a hung one ends here."
    )
    transcode_memory_bytes: int = _bound(
        8 * 1024 * 1024 * 1024,
        "bytes",
        "Address space of the process that decodes and encodes; threads reserve much of it.",
    )
    video_frame_pixels: int = _bound(
        35_651_584, "pixels", "The largest Frame of a video: H.264 has no level for more."
    )
    instance_pixel_bytes: int = _bound(
        0xFFFFFFFE,
        "bytes",
        "Native Pixel Data has a 32-bit length; a longer stack becomes a Concatenation.",
    )
    label_bytes: int = _bound(
        1024 * 1024 * 1024,
        "bytes",
        "Labels of one volume, which are held whole: a byte or two for each pixel of its images.",
    )
    parameters_bytes: int = _bound(
        1024 * 1024, "bytes", "Lines of parameters are written by hand; a larger file is a mistake."
    )
    crosswalk_bytes: int = _bound(
        1024 * 1024 * 1024,
        "bytes",
        "Some hundred bytes for each file of all runs; it is read as a whole to be added to.",
    )
    folder_files: int = _bound(
        1_000_000, "files", "A folder walk ends somewhere even where links go in circles."
    )
    series_slices: int = _bound(
        100_000, "slices", "The largest number of slices that one merge takes."
    )
    leftover_seconds: int = _bound(
        3600,
        "seconds",
        "A temporary file that did not change for so long was left by a killed run.",
    )
    job_attempts: int = _bound(
        3, "attempts", "A job whose worker died so often is likely to be the cause of it."
    )
    developer_requests_per_minute: int = _bound(
        300, "requests", "Accounts, keys and lists of the developer API that one address asks for."
    )
    account_sign_ins_per_minute: int = _bound(
        5, "passwords", "Wrong passwords that may be tried for one account, from all addresses."
    )
    passwords_at_once: int = _bound(
        4, "passwords", "Checked at the same time; each takes 64 MiB and a tenth of a second."
    )
    account_keys: int = _bound(
        100, "keys", "Keys that one account may have at once; those that are revoked do not count."
    )
    monthly_reads: int = _bound(
        1000,
        "files",
        "DICOM files that one account has read in a calendar month, and as many that it has made.",
    )
    pattern_characters: int = _bound(
        512, "characters", "A regular expression of a caller; the longest keyword has 64."
    )
    job_events: int = _bound(
        10_000, "events", "Lines of log of one job; each is a row that is kept with its session."
    )
    job_label_characters: int = _bound(
        300, "characters", "What a job does now, in some words; a longer label is cut."
    )
    lane_jobs: int = _bound(
        20, "jobs", "Jobs of one session that wait for one another; more are refused."
    )
    requests_per_minute: int = _bound(
        30, "requests", "Sessions, actions and lists that one address asks for."
    )
    sessions_per_minute: int = _bound(
        5, "sessions", "Sessions that one address makes; each one takes room."
    )
    sign_ins_per_minute: int = _bound(
        10, "requests", "Keys and codes that one address tries; nobody mistypes one more often."
    )
    sign_in_seconds: int = _bound(
        30 * 24 * 3600, "seconds", "A browser that nobody uses is signed out after so long."
    )
    sign_in_code_seconds: int = _bound(
        900, "seconds", "The address that signs in by itself is for whoever just started a server."
    )
    keep_files: int = _bound(
        500, "files", "Files of a session that one request keeps in the archive; each is read."
    )
    sessions: int = _bound(
        50, "sessions", "Sessions of all callers that are there at once; more are refused."
    )
    session_files: int = _bound(2000, "files", "Files that are uploaded into one session.")
    session_ttl_seconds: int = _bound(
        3600, "seconds", "A session and all its bytes end so long after it was made."
    )
    session_bytes: int = _bound(
        32 * 1024 * 1024 * 1024, "bytes", "Files of one session, uploaded and made, together."
    )
    session_outputs: int = _bound(
        20_000, "files", "Files that actions make in one session: frames of large objects."
    )
    archive_bytes: int = _bound(
        4 * 1024 * 1024 * 1024, "bytes", "What one uploaded archive expands to."
    )
    read_files: int = _bound(
        100, "files", "Files of one archive that are read and answered in one request."
    )
    read_picture_bytes: int = _bound(
        2 * 1024 * 1024 * 1024,
        "bytes",
        "Pictures of one request to read files: they lie on the disk until they are sent.",
    )
    archive_ratio: int = _bound(
        100,
        "times",
        "Images shrink to a half or a tenth; archives that expand to more than this, and to more "
        "than 64 MiB, are made to fill disks.",
    )
    intake_elements: int = _bound(
        500_000,
        "elements",
        "Elements of one uploaded file that the server itself steps over, a third of a second of "
        "work; the actions take more.",
    )
    intake_seconds: int = _bound(
        10,
        "seconds",
        "Reading headers of one upload; 2,000 usual ones take one second. Those that are left "
        "are read by the actions.",
    )
    process_seconds: int = _bound(
        300, "seconds", "One action of a session; counted from the start of the work."
    )
    upload_bytes: int = _bound(
        500 * 1024 * 1024, "bytes", "The body of one upload; a folder is sent in batches."
    )
    upload_seconds: int = _bound(
        3600, "seconds", "One upload, however slow the line is; then it is given up."
    )
    uploads_at_once: int = _bound(
        16, "uploads", "Each holds a few MiB and a thread; more wait their turn."
    )
    downloads_at_once: int = _bound(
        64, "downloads", "Each holds a MiB and a file; more are refused for a moment."
    )
    json_body_bytes: int = _bound(
        4 * 1024 * 1024, "bytes", "Options and parameters of one action are short."
    )
    multipart_parts: int = _bound(4096, "parts", "Twice as many as a session takes files.")
    multipart_header_bytes: int = _bound(
        16 * 1024, "bytes", "Headers of one part: a field, a file name and a type."
    )
    stow_bytes: int = _bound(
        32 * 1024 * 1024 * 1024, "bytes", "The body of one DICOMweb store request: whole Studies."
    )
    stow_metadata_bytes: int = _bound(
        16 * 1024 * 1024,
        "bytes",
        "Metadata of one STOW request apart from its bulk data, which is held; a slice has 5 kB.",
    )
    stow_parts: int = _bound(
        20_000, "parts", "Instances of one DICOMweb store request; the answer names each."
    )
    multipart_field_bytes: int = _bound(
        4 * 1024 * 1024, "bytes", "Fields of one body that are no files, together."
    )
    body_idle_seconds: int = _bound(
        60, "seconds", "A client that sends nothing for so long has gone."
    )
    linger_bytes: int = _bound(
        2 * 1024 * 1024 * 1024,
        "bytes",
        "What is read and dropped of a refused body, so that the refusal is seen.",
    )
    linger_seconds: int = _bound(120, "seconds", "How long a refused body is read and dropped.")
    request_header_bytes: int = _bound(
        64 * 1024, "bytes", "First line and headers of one request; real ones have 2 KiB."
    )
    request_header_seconds: int = _bound(
        20, "seconds", "A client that has not said by then what it wants is cut off."
    )
    connections: int = _bound(
        1000, "connections", "Open at once; each costs some 20 KiB and a file descriptor."
    )
    slice_archive_bytes: int = _bound(
        4 * 1024 * 1024 * 1024,
        "bytes",
        "Slices of volumes that viewers asked for lately, kept together; the oldest go first.",
    )
    process_memory_bytes: int = _bound(
        4 * 1024 * 1024 * 1024,
        "bytes",
        "Address space of the process that runs one action; its children have bounds of their own.",
    )
    process_output_bytes: int = _bound(
        8 * 1024 * 1024 * 1024,
        "bytes",
        "All that one action writes: decompressed, an upload grows tenfold at most.",
    )
    process_answer_bytes: int = _bound(
        16 * 1024 * 1024, "bytes", "What one action tells at its end: some thousand names."
    )
    stored_instance_bytes: int = _bound(
        16 * 1024 * 1024 * 1024, "bytes", "One Instance that the archive takes."
    )
    derived_bytes: int = _bound(
        4 * 1024 * 1024 * 1024,
        "bytes",
        "What was made of archived Instances lately: pictures, other encodings; the oldest go.",
    )
    ticket_seconds: int = _bound(
        900,
        "seconds",
        "A signed address of an upload is good for so long; then a new one is asked.",
    )
    ticket_bytes: int = _bound(
        5 * 1024 * 1024 * 1024,
        "bytes",
        "What is sent to one signed address; object stores take no more in one PUT.",
    )
    ticket_batch: int = _bound(
        1000, "uploads", "Tickets that one request asks for, and reports that it gets."
    )
    open_tickets: int = _bound(
        20_000, "uploads", "Tickets of one account that are good and were not used."
    )
    ticket_days: int = _bound(
        90, "days", "How long the report of an upload is kept; the audit is kept for ever."
    )
    quarantine_days: int = _bound(
        30, "days", "Rejected uploads that nobody looked at are removed after so long."
    )
    report_wait_seconds: int = _bound(
        30, "seconds", "How long a request for reports may wait for uploads that are under way."
    )
    tickets_per_minute: int = _bound(
        60_000, "requests", "Tickets and reports that one address asks for."
    )
    tokens_per_minute: int = _bound(
        60, "requests", "Tokens that one address asks for; each is good for an hour."
    )
    denials_per_minute: int = _bound(
        60,
        "denials",
        "Requests of one address about uploads that are refused; each is a row of the audit.",
    )
    search_results: int = _bound(
        1000, "results", "Studies, Series or Instances that one search gives; more are paged."
    )
    resource_page: int = _bound(
        5000, "resources", "Resources that one list gives, or one request changes."
    )
    channel_resources: int = _bound(
        1000, "resources", "Resources that the list of channels names for each; the latest ones."
    )
    resource_requests_per_minute: int = _bound(
        6000, "requests", "Lists, labels and the like that one address asks for; files not counted."
    )

    analysis_seconds: int = _bound(
        3600, "seconds", "One analysis of one Study; those that say a shorter time get that."
    )
    analysis_memory_bytes: int = _bound(
        16 * 1024 * 1024 * 1024, "bytes", "Address space of each process of an analysis."
    )
    analysis_scratch_bytes: int = _bound(
        64 * 1024 * 1024 * 1024,
        "bytes",
        "A copy of the Study and all that its analysis writes, on the disk while it runs.",
    )
    analysis_outputs: int = _bound(100, "files", "Reports of one analysis of one Study.")
    analysis_output_bytes: int = _bound(
        2 * 1024 * 1024 * 1024, "bytes", "Reports of one analysis of one Study, together."
    )
    analysis_text_bytes: int = _bound(
        64 * 1024 * 1024, "bytes", "One report of text or JSON, which is read to be checked."
    )
    analysis_log_bytes: int = _bound(
        16 * 1024, "bytes", "The end of what a command printed; kept with the order."
    )
    analysis_attempts: int = _bound(
        3, "attempts", "An analysis that failed so often is likely to fail again."
    )
    analysis_lookback_hours: int = _bound(
        24, "hours", "Studies that changed earlier are analysed only where somebody asks for it."
    )
    reports_per_minute: int = _bound(
        6000, "requests", "Orders, results and lists of reports that one address asks for."
    )
    learning_sets: int = _bound(1000, "datasets", "Datasets and projects of one account.")
    learning_set_resources: int = _bound(
        100_000, "resources", "Resources of one dataset; each is a file of its archive."
    )
    project_members: int = _bound(1000, "members", "People whose roles a project notes.")
    preparations_at_once: int = _bound(
        4, "preparations", "Downloads of datasets that are prepared; each reads all its bytes once."
    )
    annotations: int = _bound(
        100_000, "annotations", "Annotations of one resource; a label for each frame of a video."
    )
    kept_label_bytes: int = _bound(
        256 * 1024 * 1024,
        "bytes",
        "Labels of volumes that are remembered, because masks are asked for frame by frame.",
    )
    annotation_file_bytes: int = _bound(
        2 * 1024 * 1024 * 1024,
        "bytes",
        "The mask or the volume of one annotation; a whole-body volume has some hundred MB.",
    )

    def __post_init__(self) -> None:
        for bound in fields(self):
            if getattr(self, bound.name) < 1:
                msg = f"limit {bound.name} must be at least 1"
                raise ValueError(msg)


DEFAULT = Limits()
