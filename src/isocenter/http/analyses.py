"""Orders of analyses and what came of them, as the documents ask for it, and natively."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.audit import NOBODY
from isocenter.access.principal import Principal
from isocenter.access.rate_limits import RateLimits
from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    TooLargeError,
)
from isocenter.http.analysis_docs import (
    ANSWER_REPORT,
    BY_ORDER,
    ORDER_BODY,
    ORDER_SCHEMA,
    ORGANIZATION,
    REPORT_TYPE,
    REPORTS_BODY,
    STUDY_GROUP,
    STUDY_UID,
    Parameter,
)
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint, Handler
from isocenter.http.errors import json_response
from isocenter.http.transfer import Transfers, attachment
from isocenter.limits import Limits
from isocenter.services.analyses import LISTED_MAX, Analyses, OrderStatus
from isocenter.services.failure_reports import failure_picture, failure_text
from isocenter.store.analysis_orders import Report

REPORTS = "reports"
_DENIALS = "denials"
_MEDIA_TYPES = {
    "PDF": "application/pdf",
    "JSON": "application/json",
    "TXT": "text/plain; charset=utf-8",
    "PNG": "image/png",
    "DICOM": "application/dicom",
}
_PRIVATE = {"Cache-Control": "no-store"}
_ID_CHARACTERS_MAX = 64
_IDS_MAX = 1000


_KNOWN = {404: "No such order or study, or somebody else's"}
_STUDY = {400: "No study is named", **_KNOWN}
_ONE = {400: "Neither an order nor a study is named, or both", **_KNOWN}


class AnalysisApi:
    """What the endpoints do."""

    def __init__(
        self,
        analyses: Analyses,
        callers: Callers,
        blocking: Blocking,
        transfers: Transfers,
        limits: Limits,
        clock: Callable[[], int],
    ) -> None:
        self._denials = RateLimits({_DENIALS: limits.denials_per_minute}, clock)
        self._analyses = analyses
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [*self._documented(), *self._polled(), *self._native()]

    def _documented(self) -> list[Endpoint]:
        return [
            _get(
                "/status",
                self.status,
                "How far the analysis of a study is; of several orders the newest",
                {200: "The order: QUEUED, PROCESSING, DELIVERED or FAILED", **_ONE},
                BY_ORDER,
                answer_schema=ORDER_SCHEMA,
            ),
            _get(
                "/orderId",
                self.order_ids,
                "The orders of a study, the newest first",
                {200: "Their ids", **_STUDY},
                STUDY_UID,
            ),
            _get(
                "/results",
                self.results,
                "A report that an analysis made",
                {200: "The report", 409: "The order has no results (yet)", **_ONE},
                (*BY_ORDER, *REPORT_TYPE),
                answer_type="application/octet-stream",
                answer_schema=ANSWER_REPORT,
            ),
            _get(
                "/failure-report",
                self.failure_report,
                "Why an analysis failed, with the end of what it printed",
                {200: "The reason, as TXT or PNG", 409: "The order has not failed", **_ONE},
                (*BY_ORDER, *REPORT_TYPE),
                answer_type="text/plain",
                answer_schema=ANSWER_REPORT,
            ),
            _get(
                "/report",
                self.group_report,
                "What came of all studies of one batch of uploads: values, or a zip of reports",
                {200: "JSON, or an archive of the reports of another type", **_ONE},
                (*STUDY_GROUP, *REPORT_TYPE),
                answer_type="application/octet-stream",
                answer_schema=ANSWER_REPORT,
            ),
        ]

    def _polled(self) -> list[Endpoint]:
        return [
            _get(
                "/reports",
                self.reports,
                "Orders that ended and were not acknowledged yet, the oldest first",
                {200: f"At most {LISTED_MAX} of them", 404: "Another organization"},
                ORGANIZATION,
            ),
            Endpoint(
                "POST",
                "/reports",
                self.acknowledge,
                "Acknowledge orders: those that are named, or all that were listed",
                {
                    200: "How many were acknowledged just now",
                    400: "A body that is no list of orders",
                    404: "Another organization",
                    413: "The body is too long",
                },
                parameters=ORGANIZATION,
                body=REPORTS_BODY,
                counts=(REPORTS,),
            ),
        ]

    def _native(self) -> list[Endpoint]:
        return [
            _get("/v1/analyses", self.names, "The analyses of this server", {200: "Their names"}),
            Endpoint(
                "POST",
                "/v1/analyses/orders",
                self.order,
                "Analyse a study now, also if that was done before",
                {
                    202: "The order",
                    400: "No study or analysis is named",
                    404: "No such study or analysis",
                    413: "The body is too long",
                },
                body=ORDER_BODY,
                answer_schema=ORDER_SCHEMA,
                counts=(REPORTS,),
            ),
            _get(
                "/v1/analyses/orders",
                self.orders,
                "All orders of a study, the newest first",
                {200: "The orders", **_STUDY},
                STUDY_UID,
            ),
        ]

    async def status(self, request: Request) -> Response:
        """Tell how far an order is."""
        principal = await self._principal(request, "read")
        return _answer(_order_json(await self._find(request, principal)))

    async def order_ids(self, request: Request) -> Response:
        """Tell the ids of the orders of a study."""
        found = await self._of_study(request)
        ids = [one.order.id for one in found]
        return _answer({"study_uid": found[0].order.study_uid, "order_ids": ids})

    async def orders(self, request: Request) -> Response:
        """Tell the orders of a study."""
        return _answer({"orders": [_order_json(one) for one in await self._of_study(request)]})

    async def results(self, request: Request) -> Response:
        """Send a report."""
        principal = await self._principal(request, "read")
        found = await self._find(request, principal)
        if found.state != "DELIVERED":
            raise ConflictError(f"the order has no results: it is {found.state}")
        report = _chosen(found, request)
        stored = await self._blocking.call(self._analyses.open_report, principal.id, report)
        headers = {"Content-Disposition": attachment(report.name), **_PRIVATE}
        headers["X-Order-Id"] = found.order.id
        return self._transfers.file(request, stored, _MEDIA_TYPES[report.report_type], headers)

    async def failure_report(self, request: Request) -> Response:
        """Tell why an order failed."""
        principal = await self._principal(request, "read")
        found = await self._find(request, principal)
        if found.state != "FAILED":
            raise ConflictError(f"the order has not failed: it is {found.state}")
        text = failure_text(found.order)
        await self._blocking.call(self._analyses.note_read, principal.id, found.order.id)
        match _report_type(request) or "TXT":
            case "TXT":
                return Response(text, headers=_PRIVATE, media_type="text/plain")
            case "PNG":
                picture = await self._blocking.call(failure_picture, text)
                return Response(picture, headers=_PRIVATE, media_type="image/png")
        raise NotFoundError("failures are told as TXT or PNG")

    async def group_report(self, request: Request) -> Response:
        """Send what came of all studies of a batch."""
        principal = await self._principal(request, "read")
        group = request.query_params.get("study_group", "")
        if not group:
            raise InvalidInputError("study_group must name a batch of uploads")
        _check_id(group)
        owner = principal.id
        found = await self._blocking.call(self._analyses.of_batch, owner, group)
        kind = _report_type(request) or "JSON"
        if kind == "JSON":
            return _answer({"study_group": group, "orders": [_order_json(one) for one in found]})
        reports = {
            f"{one.order.id}-{number}-{report.name}": report
            for one in found
            for number, report in enumerate(one.reports, 1)
            if report.report_type == kind
        }
        if not reports:
            raise NotFoundError(f"the group has no report of the type {kind}")

        def open_file(name: str) -> "_Bytes":
            return _Bytes(self._analyses, owner, reports[name])

        files = [(name, report.size_bytes) for name, report in reports.items()]
        headers = {"Content-Disposition": attachment("reports.zip"), **_PRIVATE}
        return self._transfers.archive(files, open_file, headers)

    async def reports(self, request: Request) -> Response:
        """List what ended and was not acknowledged."""
        principal = await self._principal(request, "read")
        _check_organization(request, principal)
        found = await self._blocking.call(self._analyses.unacknowledged, principal.id)
        return _answer({"reports": [_order_json(one) for one in found]})

    async def acknowledge(self, request: Request) -> Response:
        """Note that orders are known."""
        principal = await self._principal(request, "read")
        _check_organization(request, principal)
        body = await self._body(request)
        ids = _order_ids(body.get("order_ids"))
        count = await self._blocking.call(self._analyses.acknowledge, principal.id, ids)
        return _answer({"acknowledged": count})

    async def names(self, request: Request) -> Response:
        """Tell what analyses there are."""
        await self._principal(request, "read")
        return _answer({"analyses": [{"name": name} for name in self._analyses.names]})

    async def order(self, request: Request) -> Response:
        """Order an analysis."""
        principal = await self._principal(request, "process")
        body = await self._body(request)
        study_uid, name = body.get("study_uid"), body.get("analysis")
        if not isinstance(study_uid, str) or not isinstance(name, str):
            raise InvalidInputError("the body must name study_uid and analysis")
        _check_id(study_uid)
        status = await self._blocking.call(self._analyses.order, principal.id, study_uid, name)
        return json_response(_order_json(status), 202, _PRIVATE)

    async def _principal(self, request: Request, scope: str) -> Principal:
        """Return who asks, if they may; who may not is written down.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, InvalidInputError
            As ``Callers.principal`` does.
        LimitReachedError
            Instead, if this address was refused too often in the last minute.
        """
        try:
            return await self._callers.principal(request, scope)
        except (NotAuthenticatedError, NotAllowedError):
            self._denials.check(_DENIALS, request.state.origin.client)
            who = request.state.exchange.principal or NOBODY
            await self._blocking.call(self._analyses.note_denied, who)
            raise

    async def _find(self, request: Request, principal: Principal) -> OrderStatus:
        """Return the order that is named, or the newest one of the study."""
        order_id = request.query_params.get("order_id", "")
        study_uid = request.query_params.get("study_uid", "")
        if bool(order_id) == bool(study_uid):
            raise InvalidInputError("name an order_id or a study_uid")
        _check_id(order_id or study_uid)
        if order_id:
            return await self._blocking.call(self._analyses.status, principal.id, order_id)
        found = await self._blocking.call(self._analyses.orders, principal.id, study_uid)
        return found[0]

    async def _of_study(self, request: Request) -> Sequence[OrderStatus]:
        principal = await self._principal(request, "read")
        study_uid = request.query_params.get("study_uid", "")
        if not study_uid:
            raise InvalidInputError("name a study_uid")
        _check_id(study_uid)
        return await self._blocking.call(self._analyses.orders, principal.id, study_uid)

    async def _body(self, request: Request) -> Mapping[str, object]:
        data = await read_body(request, self._limits.json_body_bytes, self._limits)
        try:
            value = orjson.loads(data) if data.strip() else {}
        except orjson.JSONDecodeError:
            raise InvalidInputError("the body is not JSON") from None
        if not isinstance(value, dict):
            raise InvalidInputError("the body is not a JSON object")
        return value


class _Bytes:
    """A report of an archive, open."""

    def __init__(self, analyses: Analyses, owner: str, report: Report) -> None:
        self._stored = analyses.open_report(owner, report)
        self.size = self._stored.size_bytes

    def read_at(self, offset: int, length: int, /) -> bytes:
        """Return bytes."""
        return self._stored.reader.read_at(offset, length)

    def close(self) -> None:
        """Close them."""
        self._stored.close()


def _get(
    path: str,
    handler: Handler,
    summary: str,
    answers: Mapping[int, str],
    parameters: tuple[Parameter, ...] = (),
    *,
    answer_type: str = "application/json",
    answer_schema: Mapping[str, object] | None = None,
) -> Endpoint:
    return Endpoint(
        "GET",
        path,
        handler,
        summary,
        answers,
        parameters=parameters,
        answer_type=answer_type,
        answer_schema=answer_schema or {},
        counts=(REPORTS,),
    )


def _answer(value: Mapping[str, object]) -> Response:
    return json_response(value, headers=_PRIVATE)


def _check_id(given: str) -> None:
    """Refuse what is the id of nothing, and what a database could not even be asked for."""
    if len(given) > _ID_CHARACTERS_MAX or "\0" in given:
        raise NotFoundError("there is no such study or order")


def _check_organization(request: Request, principal: Principal) -> None:
    """Let a caller name their own organization, which is their account, or none."""
    named = request.query_params.get("organizationId", "")
    if named not in {"", "me", principal.account_id, principal.id}:
        raise NotFoundError("there is no such organization")


def _order_ids(told: object) -> list[str] | None:
    """Return the orders that a body names, ``None`` where it names none."""
    if told is None:
        return None
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise InvalidInputError("order_ids must be a list of texts")
    if len(told) > _IDS_MAX:
        raise TooLargeError("order_ids", _IDS_MAX, len(told), "orders")
    for one in told:
        _check_id(one)
    return told


def _report_type(request: Request) -> str:
    return request.query_params.get("report_type", "").upper()


def _chosen(found: OrderStatus, request: Request) -> Report:
    """Return the report that is asked for: by its name, by its type, or the first.

    Raises
    ------
    NotFoundError
        If the order has none such; the sentence names the types that it has.
    """
    kind, name = _report_type(request), request.query_params.get("name", "")
    for report in found.reports:
        if kind in {"", report.report_type} and name in {"", report.name}:
            return report
    types = ", ".join(sorted({report.report_type for report in found.reports}))
    raise NotFoundError(f"the order has no such report, only: {types}")


def _order_json(found: OrderStatus) -> dict[str, object]:
    order = found.order
    return {
        "order_id": order.id,
        "study_uid": order.study_uid,
        "analysis": order.analysis,
        "status": found.state,
        "attempts": order.attempts,
        "created_at": _time(order.created_ms),
        "finished_at": _time(order.finished_ms),
        "acknowledged_at": _time(order.acknowledged_ms),
        "error": order.error or None,
        "report_types": sorted({report.report_type for report in found.reports}),
        "reports": [
            {
                "name": report.name,
                "report_type": report.report_type,
                "size_bytes": report.size_bytes,
                "sha256": report.blob_key,
            }
            for report in found.reports
        ],
    }


def _time(at_ms: int | None) -> str | None:
    """Return a time as RFC 3339 has it, in UTC."""
    if at_ms is None:
        return None
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
