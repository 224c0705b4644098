"""The page of an account, ``/app/account``: signing up and in, keys, usage, another password.

A form that is done leads back to the page; one that is wrong shows it again with a sentence.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from isocenter.access.principal import USUAL_SCOPES, Principal, account_owner
from isocenter.access.quota import day_of
from isocenter.errors import (
    FieldsError,
    FullError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
)
from isocenter.http.account_views import AccountView
from isocenter.http.auth import Callers, check_own_site
from isocenter.http.blocking import Blocking
from isocenter.http.developer import KEY_FIELD, PROFILE_FIELDS
from isocenter.http.developer_accounts import (
    CHANGE_FIELDS,
    CODE_SENT,
    REGISTER_FIELDS,
    RESET_FIELDS,
    SIGN_IN_FIELDS,
    AccountApi,
)
from isocenter.http.developer_endpoints import DEVELOPERS
from isocenter.http.developer_forms import TextField, check_form, read_form
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import StatusError, status_of
from isocenter.http.page_layout import page
from isocenter.http.sign_in import SIGN_INS, SignInApi
from isocenter.limits import Limits
from isocenter.services.developers import Developers, Profile

PAGE = "/app/account"
_WRONG = "The page says what is wrong"
_DONE = {
    200: "A key, shown this once",
    303: "It is done; the page shows it",
    **dict.fromkeys((400, 401, 403, 404, 413, 429), _WRONG),
}
_Act = Callable[[Request], Awaitable[Response]]


class AccountPages:
    """Shows the page, and does what its forms ask for.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        accounts: AccountApi,
        developers: Developers,
        sign_in: SignInApi,
        callers: Callers,
        blocking: Blocking,
        limits: Limits,
        clock: Callable[[], int],
    ) -> None:
        self._accounts = accounts
        self._developers = developers
        self._sign_in = sign_in
        self._callers = callers
        self._blocking = blocking
        self._limits = limits
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        acts: list[tuple[str, _Act, str, str]] = [
            ("sign-in", self.sign_in, "Sign in with an address and a password", SIGN_INS),
            ("register", self.register, "Sign up", SIGN_INS),
            ("password", self.change_password, "Change the password", SIGN_INS),
            ("forgotten", self.send_code, "Have a code mailed for another password", SIGN_INS),
            ("reset", self.reset_password, "Choose another password with a code", SIGN_INS),
            ("sign-out", self.sign_out, "Sign out", DEVELOPERS),
            ("profile", self.set_profile, "Say what the keys are for", DEVELOPERS),
            ("keys", self.create_key, "Make a key, which is shown once", DEVELOPERS),
            ("keys/delete", self.delete_key, "End a key", DEVELOPERS),
        ]
        return [
            Endpoint(
                "GET",
                PAGE,
                self.show,
                "The page of an account: signing in, keys, usage",
                {200: "The page"},
                needs_key=False,
                answer_type="text/html",
                counts=(DEVELOPERS,),
            ),
            *(
                Endpoint(
                    "POST",
                    f"{PAGE}/{name}",
                    self._guarded(act),
                    f"A form of this page: {summary}",
                    _DONE,
                    needs_key=False,
                    answer_type="text/html",
                    counts=(bucket,),
                )
                for name, act, summary, bucket in acts
            ),
        ]

    async def show(self, request: Request) -> Response:
        """Show the page."""
        return await self._page(request)

    async def sign_in(self, request: Request) -> Response:
        """Let the browser act for an account."""
        check_own_site(request)
        form = await self._read(request, *SIGN_IN_FIELDS)
        return await self._admit(request, form["email"], form["password"])

    async def register(self, request: Request) -> Response:
        """Make an account, and let the browser act for it."""
        check_own_site(request)
        self._accounts.require_registration()
        form = await self._read(request, *REGISTER_FIELDS)
        await self._accounts.make_account(form)
        return await self._admit(request, form["email"], form["password"])

    async def send_code(self, request: Request) -> Response:
        """Mail a code for another password."""
        check_own_site(request)
        form = await self._read(request, *SIGN_IN_FIELDS[:1])
        self._accounts.begin_reset(form["email"])
        return await self._page(request, f"{CODE_SENT} Enter it below.")

    async def reset_password(self, request: Request) -> Response:
        """Give a person another password for a code, and sign in with it."""
        check_own_site(request)
        form = await self._read(request, *RESET_FIELDS)
        await self._accounts.end_reset(form)
        return await self._admit(request, form["email"], form["password"])

    async def sign_out(self, request: Request) -> Response:
        """Let the browser be nobody but itself."""
        _, cookie = await self._sign_in.dismiss(request)
        return _back(request, cookie)

    async def set_profile(self, request: Request) -> Response:
        """Keep what the account works on."""
        principal = await self._callers.principal(request, "write")
        form = await self._read(request, *PROFILE_FIELDS)
        profile = Profile(form["purpose"] or None, form["organization"] or None)
        await self._blocking.call(self._developers.set_profile, principal, profile)
        return _back(request)

    async def create_key(self, request: Request) -> Response:
        """Make a key and show it."""
        principal = await self._callers.principal(request, "write")
        form = await self._read(request, KEY_FIELD)
        key, name = await self._blocking.call(self._developers.create_key, principal, form["name"])
        return _send(request, "New key", self._view(request).new_key(name, key.text))

    async def delete_key(self, request: Request) -> Response:
        """End a key."""
        principal = await self._callers.principal(request, "write")
        form = await self._read(request, TextField("key", 36, is_required=True))
        await self._blocking.call(self._developers.delete_key, principal, form["key"])
        return _back(request)

    async def change_password(self, request: Request) -> Response:
        """Give the account another password; this browser is signed out too."""
        principal = await self._callers.principal(request, "write")
        form = await self._read(request, *CHANGE_FIELDS)
        await self._accounts.renew_password(principal, form)
        return _back(request)

    def _guarded(self, act: _Act) -> _Act:
        """Return an act whose complaints are shown on the page."""

        async def guarded(request: Request) -> Response:
            try:
                return await act(request)
            except _COMPLAINTS as error:
                response = await self._page(request, _sentence(error), status_of(error))
                if isinstance(error, LimitReachedError | FullError):
                    response.headers["Retry-After"] = str(error.retry_after_seconds)
                return response

        return guarded

    async def _admit(self, request: Request, email: str, password: str) -> Response:
        account = await self._accounts.check_password(email, password)
        owner = account_owner(account.id)
        principal = Principal(owner, USUAL_SCOPES, account.id, account.name)
        return _back(request, await self._sign_in.admit(request, principal))

    async def _read(self, request: Request, *fields: TextField) -> Mapping[str, str]:
        form = check_form(await read_form(request, self._limits), *fields)
        return {name: text or "" for name, text in form.items()}

    async def _page(self, request: Request, complaint: str = "", status: int = 200) -> Response:
        try:
            principal = await self._callers.principal(request, "read")
        except NotAuthenticatedError:
            principal = None
        view = self._view(request, complaint)
        if principal is None or principal.account_id is None:
            body = view.visitor(
                may_register=self._accounts.may_register, may_reset=self._accounts.may_reset
            )
        else:
            body = await self._blocking.call(self._body, principal, view)
        return _send(request, "Account", body, status)

    def _view(self, request: Request, complaint: str = "") -> AccountView:
        place = f"{request.state.origin.prefix}{PAGE}"
        return AccountView(place, day_of(self._clock()), complaint)

    def _body(self, principal: Principal, view: AccountView) -> str:
        usage = self._developers.usage(principal)
        if principal.key_id is not None:
            return view.key(principal.name, usage)
        try:
            profile = self._developers.profile(principal)
        except NotFoundError:
            return view.account(principal.name, None, (), usage)
        keys = self._developers.list_keys(principal)
        return view.account(principal.name, profile, keys, usage)


_COMPLAINTS = (
    FullError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    StatusError,
)


def _sentence(error: Exception) -> str:
    """Return what to tell a person; the names of fields stand beside them on the page."""
    if isinstance(error, FieldsError):
        return " ".join(sentence for said in error.reasons.values() for sentence in said)
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def _send(request: Request, title: str, body: str, status: int = 200) -> Response:
    """Return a page whose forms say where they come from: without, browsers send a null origin."""
    response = page(title, body, request.state.origin.prefix, status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _back(request: Request, cookie: str = "") -> Response:
    """Lead to the page, which a reload then only shows again."""
    headers = {"Set-Cookie": cookie} if cookie else {}
    return RedirectResponse(f"{request.state.origin.prefix}{PAGE}", 303, headers)
