"""The table of endpoints of the developer API: functions, paths and documentation with examples.

Documented paths come first; where the reference implementation has another one, both are served.
"""

from collections.abc import Mapping

from isocenter.access.api_keys import NAME_CHARACTERS_MAX
from isocenter.http.developer import DeveloperApi
from isocenter.http.developer_accounts import CODE_SENT, AccountApi
from isocenter.http.dicom_format import FILTERS, DicomFormatApi
from isocenter.http.endpoints import Endpoint, Handler
from isocenter.http.openapi import parameter
from isocenter.http.sign_in import SIGN_INS
from isocenter.services.developers import PURPOSES

DEVELOPERS = "developer requests"
KEYS = ("/api-keys/", "/api/developer/auth/api-keys/")
DELETE_KEY = ("/api-keys/delete/{key_id}/", "/api/developer/auth/api-keys/delete/{key_id}/")
_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."  # noqa: S105 -- as the document shows one
_PERSON = {"email": "user5@example.com", "password": "securepassword123"}
_PROFILE = {"purpose": "testing", "organization": "My Organization"}
_KEY = "0b6c1f0e-6f5c-4f51-9a53-2a4c4b1f7d10.CLevHmvt7WJucw2gKA5sGhEUs2Fh6Svq"
_WRONG_FIELDS = "A field is wrong; the answer says which, and why"
_OTHER_SITE = "The page of another site asked for this with our cookie"
_TEXT: Mapping[str, object] = {"type": "string"}


def developer_endpoints(
    accounts: AccountApi, developers: DeveloperApi, formats: DicomFormatApi
) -> list[Endpoint]:
    """Return what is offered."""
    return [
        *_account_endpoints(accounts),
        *_reset_endpoints(accounts),
        *_token_endpoints(accounts),
        *_profile_endpoints(developers),
        *_key_endpoints(developers),
        *_format_endpoints(formats),
    ]


def _account_endpoints(accounts: AccountApi) -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            "/api/auth/register/",
            accounts.register,
            "Make an account",
            {
                201: "It was made",
                400: _WRONG_FIELDS,
                403: "The administrator of this server makes the accounts",
            },
            body=_form({**_PERSON, "first_name": "Jane", "last_name": "Roe"}, "email", "password"),
            answer_example={"message": "User registered successfully!"},
            counts=(SIGN_INS,),
            needs_key=False,
        ),
        Endpoint(
            "POST",
            "/api/auth/password/",
            accounts.change_password,
            "Change the password; all sign-ins end, keys stay good",
            {204: "It was changed", 400: _WRONG_FIELDS, 403: "A key may not do this"},
            body=_form(
                {"old_password": "securepassword123", "new_password": "correct horse battery"},
                "old_password",
                "new_password",
            ),
            counts=(SIGN_INS,),
        ),
    ]


def _reset_endpoints(accounts: AccountApi) -> list[Endpoint]:
    no_mail = "This server sends no mail: its administrator gives other passwords"
    return [
        Endpoint(
            "POST",
            "/api/auth/password-reset/",
            accounts.send_code,
            "Mail a code for another password, if there is an account of the address",
            {202: "Whether there is one or not", 400: _WRONG_FIELDS, 403: no_mail},
            body=_form({"email": "user5@example.com"}, "email"),
            answer_example={"message": CODE_SENT},
            counts=(SIGN_INS,),
            needs_key=False,
        ),
        Endpoint(
            "POST",
            "/api/auth/password-reset/confirm/",
            accounts.reset_password,
            "Choose another password with the code; all sign-ins end, keys stay good",
            {204: "It was changed", 400: _WRONG_FIELDS, 403: no_mail},
            body=_form(
                {**_PERSON, "code": "OGY1...", "password": "correct horse battery"},
                *("email", "code", "password"),
            ),
            counts=(SIGN_INS,),
            needs_key=False,
        ),
    ]


def _token_endpoints(accounts: AccountApi) -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            "/api/token/",
            accounts.sign_in,
            "Get tokens for an address and its password",
            {
                200: "An access token for 15 minutes and a refresh token for 30 days; the cookie "
                "has a refresh token of its own, which is replaced whenever it is used",
                400: _WRONG_FIELDS,
                401: "Address and password do not belong together",
            },
            body=_form(_PERSON, *_PERSON),
            answer_example={"refresh": _TOKEN, "access": _TOKEN},
            counts=(SIGN_INS,),
            needs_key=False,
        ),
        Endpoint(
            "POST",
            "/api/token/refresh/",
            accounts.refresh,
            "Get another access token for a refresh token of the body, or else of the cookie",
            {
                200: "The token",
                401: "There is no refresh token, or it is good no more",
                403: _OTHER_SITE,
            },
            body=_form({"refresh": _TOKEN}),
            answer_example={"access": _TOKEN},
            counts=(DEVELOPERS,),
            needs_key=False,
        ),
        Endpoint(
            "POST",
            "/api/token/logout/",
            accounts.sign_out,
            "End a sign-in: its access and refresh tokens are good no more",
            {204: "It has ended", 403: _OTHER_SITE},
            body=_form({"refresh": _TOKEN}),
            counts=(DEVELOPERS,),
            needs_key=False,
        ),
    ]


def _profile_endpoints(developers: DeveloperApi) -> list[Endpoint]:
    schema = {"properties": {"purpose": {"enum": [*PURPOSES, None]}, "organization": _NULLABLE}}
    return [
        _get(
            "/api/developer/profiles/",
            developers.profile,
            "The caller's profile",
            {200: "The profile", 404: "There is none"},
            _PROFILE,
        ),
        Endpoint(
            "POST",
            "/api/developer/profiles/",
            developers.set_profile,
            "Make the caller's profile, or change it",
            {201: "It was made or changed", 400: _WRONG_FIELDS, 403: "A key may not do this"},
            body=_form(_PROFILE, schema=schema),
            answer_example=_PROFILE,
            counts=(DEVELOPERS,),
        ),
        _get(
            "/api/developer/profiles/activity-summary/",
            developers.activity,
            "What the caller had read and made, day by day, in a month (UTC)",
            {200: "Days with something, and their sum", 400: _WRONG_FIELDS},
            {"daily_activity": [{"day": "2025-01-05", "count": 1}], "monthly_total": 1},
            parameter("timestamp__year", "Another year than this one", {"type": "integer"}),
            parameter(
                "timestamp__month",
                "Another month than this one; with a year alone, the whole year counts",
                {"type": "integer", "minimum": 1, "maximum": 12},
            ),
        ),
        _get(
            "/v1/usage",
            developers.usage,
            "What the caller had read and made this month, by day and key, and the quotas",
            {200: "Counts"},
            {
                "quotas": {
                    "read": {"quota": 1000, "used": 1},
                    "generate": {"quota": 1000, "used": 0},
                },
                "days": [{"day": "2025-01-05", "count": 1}],
                "counted": [
                    {"day": "2025-01-05", "kind": "read", "key": _KEY.partition(".")[0], "count": 1}
                ],
            },
        ),
    ]


def _key_endpoints(developers: DeveloperApi) -> list[Endpoint]:
    listed = {
        "id": 1,
        "name": "New API Key",
        "prefix": _KEY.partition(".")[0],
        "created": "2025-01-05T09:30:00Z",
        "revoked": False,
        "expiry_date": None,
        "last_used": None,
    }
    made = {"id": 1, "name": "New API Key", "key": _KEY, "api_key": _KEY}
    schema = {
        "properties": {"name": {"type": ["string", "null"], "maxLength": NAME_CHARACTERS_MAX}}
    }
    no_profile = "The caller has no developer profile, or is a key"
    return [
        *(
            _get(
                path,
                developers.list_keys,
                "The caller's keys, without what is secret of them",
                {200: "The keys", 403: no_profile},
                [listed],
            )
            for path in KEYS
        ),
        *(
            Endpoint(
                "POST",
                path,
                developers.create_key,
                "Make a key",
                {201: "The key, shown this once", 400: _WRONG_FIELDS, 403: no_profile},
                body=_form({"name": "New API Key"}, schema=schema),
                answer_example=made,
                counts=(DEVELOPERS,),
            )
            for path in KEYS
        ),
        *(
            Endpoint(
                "DELETE",
                path,
                developers.delete_key,
                "End a key, by its number or by what stands before its dot",
                {204: "It is good no more", 403: no_profile, 404: "There is no such key"},
                counts=(DEVELOPERS,),
            )
            for path in DELETE_KEY
        ),
    ]


def _format_endpoints(formats: DicomFormatApi) -> list[Endpoint]:
    versions = {"dicomVersion": "3.0.1", "standardEdition": "2024c"}
    words = {
        "contains": "Part of the keyword",
        "startswith": "How it begins",
        "endswith": "How it ends",
        "regex": "A regular expression (RE2) that matches at its beginning",
    }
    return [
        _get(
            "/api/dicom-format/allowed-fields/",
            formats.allowed_fields,
            "Keywords of the data dictionary, in the order of their tags",
            {200: "The keywords that pass all filters", 400: "A regular expression is none"},
            {"allowedFields": ["PatientSex", "PatientSexNeutered"], **versions},
            *(parameter(f"fields__{kind}", words[kind]) for kind in FILTERS),
            is_public=True,
        ),
        _get(
            "/api/dicom-format/required-field-type/",
            formats.required_types,
            "The type of each keyword's value",
            {200: "Python's name of the type, by keyword"},
            {"requiredFieldTypes": {"Rows": "<class 'int'>"}, **versions},
            is_public=True,
        ),
    ]


_NULLABLE: Mapping[str, object] = {"type": ["string", "null"]}


def _get(
    path: str,
    handler: Handler,
    summary: str,
    answers: Mapping[int, str],
    example: object,
    *parameters: Mapping[str, object],
    is_public: bool = False,
) -> Endpoint:
    return Endpoint(
        "GET",
        path,
        handler,
        summary,
        answers,
        parameters=parameters,
        answer_example=example,
        counts=(DEVELOPERS,),
        needs_key=not is_public,
    )


def _form(
    example: Mapping[str, str], *required: str, schema: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return a body as OpenAPI writes it: the same fields as JSON and as a form."""
    fields: dict[str, object] = {
        "type": "object",
        "properties": dict.fromkeys(example, _TEXT),
        **(schema or {}),
    }
    if required:
        fields["required"] = list(required)
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    content = {kind: {"schema": fields, "example": dict(example)} for kind in kinds}
    return {"required": bool(required), "content": content}
