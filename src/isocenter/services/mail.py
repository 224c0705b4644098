"""Mail to people, by a mail server that settings name; without one nothing is ever sent."""

import smtplib
import ssl
import urllib.parse
from email.headerregistry import Address
from email.message import EmailMessage

from isocenter.errors import InvalidInputError, UnavailableError

_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Mail:
    """Sends mail; safe for any number of threads.

    Parameters
    ----------
    url
        ``smtps://USER:PASSWORD@HOST:PORT`` for TLS from the start, ``smtp://`` for TLS as soon as
        the server offers it, which it must unless it is on this machine.
    sender
        Whom mails are from.

    Raises
    ------
    InvalidInputError
        If the URL or the sender is none.

    References
    ----------
    RFC 8314 (TLS for submission), RFC 3207 (STARTTLS).
    """

    def __init__(self, url: str, sender: str) -> None:
        try:
            parts = urllib.parse.urlsplit(url)
            self._port = parts.port or _PORTS[parts.scheme]
            self._sender = Address(addr_spec=sender)
        except (KeyError, ValueError, IndexError):
            raise InvalidInputError(
                "ISOCENTER_MAIL_URL must be smtp(s)://HOST, and ISOCENTER_MAIL_FROM an address"
            ) from None
        if not parts.hostname or "@" not in sender:
            raise InvalidInputError("ISOCENTER_MAIL_URL and ISOCENTER_MAIL_FROM go together")
        self._host = parts.hostname
        self._is_tls = parts.scheme == "smtps"
        self._user = urllib.parse.unquote(parts.username or "")
        self._password = urllib.parse.unquote(parts.password or "")

    def send(self, recipient: str, subject: str, text: str) -> None:
        """Hand a mail to the mail server.

        Raises
        ------
        UnavailableError
            If it does not take it.
        """
        message = EmailMessage()
        message["From"] = self._sender
        message["Subject"] = subject
        message.set_content(text)
        try:
            message["To"] = Address(addr_spec=recipient)
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                # Exactly to this address, whatever a parser of headers sees in it.
                server.send_message(message, to_addrs=[recipient])
        except (OSError, ValueError, IndexError, smtplib.SMTPException):
            # Without the server's own words, which name the recipient.
            raise UnavailableError("the mail could not be sent") from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_SECONDS, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
        if self._host not in _LOOPBACK:
            server.starttls(context=context)
        return server
