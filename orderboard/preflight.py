"""What must hold before the board starts: ``run`` and ``check`` refuse the same, in one line."""

from orderboard import embedded, starting
from orderboard.config import Settings


def check_place(settings: Settings) -> None:
    """Raise StartFailed or ConfigurationError unless the board could run here just now."""
    starting.check_port(settings.host, settings.port)
    if settings.embedded_redis:
        embedded.find_server()
        embedded.check_place(embedded.socket_of(settings.redis_url), embedded.log_of(settings.home))
