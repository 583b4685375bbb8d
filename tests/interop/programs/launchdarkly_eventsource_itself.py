from ld_eventsource import SSEClient
from ld_eventsource.config import ConnectStrategy, ErrorStrategy, RetryDelayStrategy
from telling import HEADERS, URL, say
from urllib3 import Timeout

client = SSEClient(
    ConnectStrategy.http(
        URL, headers=HEADERS, urllib3_request_options={"timeout": Timeout(read=30)}
    ),
    error_strategy=ErrorStrategy.always_continue(),
    retry_delay_strategy=RetryDelayStrategy.default(backoff_multiplier=1),
)
for event in client.events:
    say(event.event, event.id, event.data)
