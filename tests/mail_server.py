"""A mail server for tests: it takes everything, or refuses every recipient, and remembers."""

import contextlib
import queue
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What runs: where, and the mails that came with their recipients."""

    port: int
    refuses: bool = False
    mails: "queue.Queue[tuple[list[str], EmailMessage]]" = field(default_factory=queue.Queue)

    @property
    def url(self) -> str:
        """As settings name it."""
        return f"smtp://127.0.0.1:{self.port}"


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve on a free port until the end of the block."""

    class Conversation(socketserver.StreamRequestHandler):
        """One client (RFC 5321)."""

        def handle(self) -> None:
            recipients: list[str] = []
            self._say("220 here")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                word = line.partition(" ")[0].upper()
                if word == "RCPT":
                    recipients.append(line.partition("<")[2].rstrip(">"))
                    self._say("550 nobody" if running.refuses else "250 ok")
                elif word == "DATA":
                    self._say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    message = message_from_bytes(b"".join(lines), policy=policy.default)
                    assert isinstance(message, EmailMessage)
                    running.mails.put((recipients, message))
                    self._say("250 ok")
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        running = MailServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
