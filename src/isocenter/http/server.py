"""The application of a platform: every face wired into one ``App``."""

from collections.abc import Mapping

from isocenter.access.open_door import OpenDoor
from isocenter.access.rate_limits import RateLimits
from isocenter.engines import now_ms
from isocenter.http.account_pages import AccountPages
from isocenter.http.analyses import REPORTS, AnalysisApi
from isocenter.http.app import App, AppOptions
from isocenter.http.app_data import AppData
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.developer import DeveloperApi
from isocenter.http.developer_accounts import AccountApi
from isocenter.http.developer_endpoints import DEVELOPERS, developer_endpoints
from isocenter.http.dicom_files import DicomFilesApi
from isocenter.http.dicom_format import DicomFormatApi
from isocenter.http.dicomweb.endpoints import dicomweb_endpoints
from isocenter.http.endpoints import Endpoint
from isocenter.http.events import JobEvents
from isocenter.http.frames import FrameApi
from isocenter.http.health import HealthEndpoints, Measurements
from isocenter.http.native import NativeApi
from isocenter.http.pages import WebTool
from isocenter.http.resources.endpoints import resource_buckets, resource_endpoints
from isocenter.http.resources.learning_endpoints import learning_endpoints
from isocenter.http.session_docs import SessionDocs
from isocenter.http.session_endpoints import REQUESTS, SESSIONS, session_endpoints
from isocenter.http.session_keeping import KeepingApi
from isocenter.http.sessions import SessionApi
from isocenter.http.sign_in import SIGN_INS, SignInApi
from isocenter.http.tool_bundle import ToolBundle
from isocenter.http.transfer import Transfers
from isocenter.http.upload_endpoints import ingest_buckets, ingest_endpoints
from isocenter.http.uploads import DENIALS, UploadApi
from isocenter.http.viewers import Engines, ViewerEndpoints
from isocenter.limits import Limits
from isocenter.platform import Platform
from isocenter.services.study_slices import StudySlices


def make_app(platform: Platform, options: AppOptions) -> App:
    """Return the application; it starts and stops the platform with the server."""
    blocking = Blocking(platform.limits)
    measurements = Measurements()
    callers = Callers(platform.authenticator, platform.cookies, blocking)

    def stop() -> None:
        platform.stop()
        blocking.close()

    return App(
        all_endpoints(
            platform,
            callers,
            blocking,
            measurements,
            may_register=platform.settings.may_register(is_loopback=options.is_loopback),
        ),
        RateLimits(_buckets(platform.limits), now_ms),
        measurements,
        platform.limits,
        options,
        start=platform.start,
        stop=stop,
    )


def all_endpoints(
    platform: Platform,
    callers: Callers,
    blocking: Blocking,
    measurements: Measurements,
    *,
    may_register: bool,
) -> list[Endpoint]:
    """Return the endpoints of every face; ``may_register``: anybody may make an account."""
    limits = platform.limits
    transfers = Transfers(blocking, limits.downloads_at_once)
    owner_by_id = platform.owner_of_session if platform.settings.view_by_id else None
    api = SessionApi(
        platform.sessions,
        callers,
        platform.tokens,
        transfers,
        blocking,
        limits,
        owner_by_id=owner_by_id,
    )
    events = JobEvents(platform.sessions, platform.queue.events, api, callers, blocking)
    frames = FrameApi(platform.sessions, platform.pictures, callers, blocking)
    native = NativeApi(callers, limits)
    viewers = ViewerEndpoints(
        Engines(
            platform.viewers_folder,
            callers,
            platform.authenticator,
            platform.tokens,
            platform.sessions.open_file,
            platform.slices,
            StudySlices(platform.archive.retrieval, platform.slices),
            transfers,
            blocking,
            owner_by_id,
            limits,
        )
    )
    dicomweb = dicomweb_endpoints(platform.archive, callers, blocking, transfers, limits)
    uploads = _uploads(platform, callers, blocking)
    bundle = ToolBundle()
    docs = SessionDocs(limits, platform.settings.contact_email, bundle)
    health = HealthEndpoints(
        platform.check, platform.count_things, platform.ingest.lag, measurements, callers, blocking
    )
    endpoints = [
        *session_endpoints(api, events, frames, limits),
        *AppData(platform.sessions, callers, blocking, limits).endpoints(),
        *KeepingApi(platform.keeping, callers, blocking, limits).endpoints(),
        *native.endpoints(),
        *health.endpoints(),
        *_account_endpoints(platform, callers, blocking, may_register=may_register),
        *DicomFilesApi(
            platform.reading, platform.developers, callers, blocking, transfers, limits
        ).endpoints(),
        *ingest_endpoints(platform.ingest, platform.bearers, uploads, blocking, transfers, limits),
        *WebTool(callers).endpoints(),
        *viewers.endpoints(),
        *dicomweb,
        *docs.endpoints(),
        *bundle.endpoints(),
        *resource_endpoints(platform, callers, blocking, transfers),
        *learning_endpoints(platform.learning, callers, blocking, transfers, limits),
        *AnalysisApi(platform.analyses, callers, blocking, transfers, limits, now_ms).endpoints(),
    ]
    native.document(endpoints)
    return endpoints


def _account_endpoints(
    platform: Platform, callers: Callers, blocking: Blocking, *, may_register: bool
) -> list[Endpoint]:
    """Return what people sign in by, and what they do as developers."""
    limits = platform.limits
    sign_in = SignInApi(
        callers, platform.keys, platform.sign_ins, platform.cookies, blocking, limits
    )
    accounts = AccountApi(
        platform.people,
        platform.people_tokens,
        callers,
        blocking,
        limits,
        may_register=may_register,
    )
    pages = AccountPages(accounts, platform.developers, sign_in, callers, blocking, limits, now_ms)
    developers = DeveloperApi(platform.developers, callers, blocking, limits)
    return [
        *sign_in.endpoints(),
        *pages.endpoints(),
        *developer_endpoints(accounts, developers, DicomFormatApi(blocking, limits)),
    ]


def _uploads(platform: Platform, callers: Callers, blocking: Blocking) -> UploadApi:
    limits = platform.limits
    return UploadApi(
        platform.ingest,
        callers,
        OpenDoor(platform.settings.anonymous_uploads, platform.keys.owner_of),
        blocking,
        limits,
        RateLimits({DENIALS: limits.denials_per_minute}, now_ms),
    )


def _buckets(limits: Limits) -> Mapping[str, int]:
    return {
        REQUESTS: limits.requests_per_minute,
        SESSIONS: limits.sessions_per_minute,
        SIGN_INS: limits.sign_ins_per_minute,
        **ingest_buckets(limits),
        **resource_buckets(limits),
        REPORTS: limits.reports_per_minute,
        DEVELOPERS: limits.developer_requests_per_minute,
    }
