"""A reader of event streams, word by word as the WHATWG standard says."""

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
