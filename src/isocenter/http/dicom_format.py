"""The data dictionary for developers: allowed fields, and the types of their values.

Nobody needs to say who they are, and a wrong key is not looked at.
"""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import FieldsError, InvalidInputError
from isocenter.http.blocking import Blocking
from isocenter.http.errors import json_response
from isocenter.limits import Limits
from isocenter.services.dictionary_fields import (
    DICOM_VERSION,
    STANDARD_EDITION,
    FieldFilters,
    allowed_fields,
    required_types,
)

FILTERS = ("contains", "startswith", "endswith", "regex")
_FILTERS_MAX = 10
_VERSIONS = {"dicomVersion": DICOM_VERSION, "standardEdition": STANDARD_EDITION}
_SHARED = {"Cache-Control": "no-cache"}


class DicomFormatApi:
    """What the endpoints do."""

    def __init__(self, blocking: Blocking, limits: Limits) -> None:
        self._blocking = blocking
        self._limits = limits

    async def allowed_fields(self, request: Request) -> Response:
        """List the keywords that pass the filters of the query."""
        query = request.query_params
        chosen = {kind: tuple(query.getlist(f"fields__{kind}")) for kind in FILTERS}
        for kind, values in chosen.items():
            if len(values) > _FILTERS_MAX:
                raise FieldsError({f"fields__{kind}": [f"At most {_FILTERS_MAX} are allowed."]})
        try:
            found = await self._blocking.call(allowed_fields, FieldFilters(**chosen), self._limits)
        except InvalidInputError as error:
            raise FieldsError({"fields__regex": [f"Invalid regex pattern: {error}"]}) from None
        return json_response({"allowedFields": found, **_VERSIONS}, headers=_SHARED)

    async def required_types(self, _: Request) -> Response:
        """List the type of each keyword's value."""
        said = {"requiredFieldTypes": required_types(), **_VERSIONS}
        return json_response(said, headers=_SHARED)
