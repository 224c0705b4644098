"""Mail reaches exactly its recipient, over TLS where it leaves the machine; or an error says so."""

import socket

import pytest

from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.services.mail import Mail
from tests.mail_server import mail_server

SENDER = "isocenter@example.org"


def test_a_mail_is_handed_over() -> None:
    with mail_server() as server:
        Mail(server.url, SENDER).send("ann@example.org", "Subject", "Text: ü\n")
        recipients, message = server.mails.get(timeout=20)
    assert recipients == ["ann@example.org"]
    assert (message["From"], message["To"], message["Subject"]) == (
        SENDER,
        "ann@example.org",
        "Subject",
    )
    assert message.get_content().splitlines() == ["Text: ü"]


@pytest.mark.parametrize("recipient", ["a,b@example.org", "a<b@example.org", "a\nBcc: b@x", ""])
def test_no_address_becomes_two(recipient: str) -> None:
    with mail_server() as server:
        with pytest.raises(UnavailableError):
            Mail(server.url, SENDER).send(recipient, "Subject", "Text")
        assert server.mails.empty()


def test_a_server_that_refuses_or_is_not_there_is_an_error_without_its_words() -> None:
    with mail_server() as server:
        server.refuses = True
        with pytest.raises(UnavailableError, match=r"^the mail could not be sent$"):
            Mail(server.url, SENDER).send("ann@example.org", "Subject", "Text")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(UnavailableError):
        Mail(f"smtp://127.0.0.1:{port}", SENDER).send("ann@example.org", "Subject", "Text")


def test_without_tls_nothing_is_said_to_other_machines() -> None:
    with mail_server() as server:
        mail = Mail(f"smtp://127.0.0.2:{server.port}", SENDER)
        with pytest.raises(UnavailableError):
            mail.send("ann@example.org", "Subject", "Text")
        with pytest.raises(UnavailableError):
            Mail(f"smtps://127.0.0.1:{server.port}", SENDER).send("a@b.org", "Subject", "Text")
        assert server.mails.empty()


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://host", SENDER),
        ("smtp://", SENDER),
        ("smtp://host:port", SENDER),
        ("smtp://host", ""),
        ("smtp://host", "nobody"),
        ("host", SENDER),
    ],
)
def test_settings_that_are_wrong_are_refused_without_their_password(url: str, sender: str) -> None:
    with pytest.raises(InvalidInputError, match="ISOCENTER_MAIL") as caught:
        Mail(url.replace("//", "//user:canary@"), sender)
    assert "canary" not in str(caught.value)
