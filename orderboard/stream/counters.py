"""What the stream counts, for the metrics and for people. Plain numbers, one set a process."""

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Counters:
    """Everything counts up from the start of the process."""

    joined: int = 0
    left: int = 0
    revoked: int = 0
    slow_closes: int = 0
    turned_away: int = 0
    refused_full: int = 0
    refused_address: int = 0
    refused_rate: int = 0
    rounds: int = 0
    round_events: int = 0
    deliveries: int = 0
    frames_encoded: int = 0
    heartbeats: int = 0
    replays: int = 0
    resets: int = 0
    head_reads: int = 0
    log_reads: int = 0
    log_failures: int = 0
    epoch_changes: int = 0
    unreadable: int = 0
    pubsub_gaps: int = 0
    pubsub_messages: int = 0
    pubsub_drops: int = 0
    pubsub_failures: int = 0

    def figures(self) -> dict[str, int]:
        """The counts by the names under which they are published, which outlive those in here."""
        counts = asdict(self)
        return {name.replace("pubsub_", "doorbell_"): count for name, count in counts.items()}
