"""A wire to a server that a test may cut or freeze: how a dead or a hanging server looks."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator

_PIECE_BYTES = 1 << 16
_SECONDS = 30


class Wire:
    """Passes bytes on between a port of its own and another one of this machine.

    Attributes
    ----------
    port
        Where it listens, whatever becomes of it.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._is_cut = False
        self._ends: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire")

    def freeze(self) -> None:
        """Accept connections and say nothing, as a machine that hangs does."""
        self._run(self._change(flows=False, is_cut=False))

    def cut(self) -> None:
        """End all connections, and new ones at once."""
        self._run(self._change(flows=True, is_cut=True))

    def mend(self) -> None:
        """Pass on everything again, also what was said meanwhile."""
        self._run(self._change(flows=True, is_cut=False))

    def open(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._run(self._listen())
        self.mend()

    def close(self) -> None:
        """End everything."""
        self.cut()
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _change(self, *, flows: bool, is_cut: bool) -> None:
        self._is_cut = is_cut
        if flows:
            self._flows.set()
        else:
            self._flows.clear()
        for end in list(self._ends) if is_cut else ():
            end.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            mine = {writer, back}
            self._ends |= mine
            try:
                await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
            finally:
                self._ends -= mine
                for end in mine:
                    end.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_PIECE_BYTES):
            await self._flows.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError  # one end is gone, so the other one goes, too


@contextlib.contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """Give a wire to a port of this machine."""
    wire = Wire(port)
    wire.open()
    try:
        yield wire
    finally:
        wire.close()
