"""A reader of event streams, word by word as the WHATWG standard says, and one of chunks."""

from dataclasses import dataclass, field


@dataclass
class Message:
    type: str
    data: str
    last_id: str


@dataclass
class Reading:
    """What an EventSource would have made of a stream."""

    messages: list[Message] = field(default_factory=list)
    retry: int | None = None
    last_id: str = ""
    blocks: int = 0
    """Ends of blocks, as readers see them that take each for a message."""


def read(stream: bytes) -> Reading:
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    reading = Reading()
    data: list[str] = []
    kind = ""
    id_buffer = ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines[:-1]:
        if not line:
            reading.last_id = id_buffer
            reading.blocks += 1
            if data:
                message = Message(kind or "message", "\n".join(data), reading.last_id)
                reading.messages.append(message)
            data, kind = [], ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and "\0" not in value:
            id_buffer = value
        elif name == "retry" and value.isascii() and value.isdigit():
            reading.retry = int(value)
    return reading


@dataclass
class Body:
    """What a chunked answer has brought so far (RFC 9112, section 7.1)."""

    chunks: list[bytes] = field(default_factory=list)
    """The last one may still be without its end."""
    ended: bool = False

    @property
    def data(self) -> bytes:
        return b"".join(self.chunks)


def dechunk(answer: bytes) -> Body:
    """Read chunks as far as they go; what is none fails."""
    body = Body()
    while not body.ended:
        line, found, rest = answer.partition(b"\r\n")
        if not found:
            assert len(answer) < 10, answer[:80]
            break
        size = int(line, 16)
        body.ended = size == 0
        chunk, end = rest[:size], rest[size : size + 2]
        assert b"\r\n".startswith(end), (line, end)
        if chunk:
            body.chunks.append(chunk)
        if len(end) < 2:
            break
        answer = rest[size + 2 :]
    assert not body.ended or not answer, answer[:80]
    return body
