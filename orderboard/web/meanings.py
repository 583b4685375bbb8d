"""What the stream's figures mean, in one sentence each: for Prometheus and for the API's document.

A figure that is not named here is shown all the same, under its own name.
"""

GAUGES = {
    "subscribers": "Open streams of all processes.",
    "stream_head": "The newest position of the log that this process knows.",
    "stream_behind": "Events that this process knows and has not handed to its listeners yet.",
    "stream_behind_log": (
        "Events by which this process was behind the log when it last looked, about once a second;"
        " they came without Redis telling of them."
    ),
    "stream_window_events": (
        "Events kept in memory: how many positions back a listener is told without the log."
    ),
    "stream_window_bytes": "Memory that these events take, frames included, about.",
    "stream_early_bytes": "Memory of events that wait for the one before them, about.",
    "doorbell_connected": "1 while this process hears Redis.",
}
COUNTERS = {
    "joined": "Streams opened.",
    "left": "Streams ended, for whatever reason.",
    "revoked": "Streams ended because the session, key or link behind them was revoked.",
    "slow_closes": "Streams closed because nothing was read from them for a whole heartbeat.",
    "turned_away": "Streams answered with a long retry instead of events.",
    "refused_full": "Streams refused because there were as many in all as may be.",
    "refused_address": "Streams refused because their address had as many as one may have.",
    "refused_rate": "Streams refused because their address opened them too often.",
    "rounds": "Passes of writing, each to all listeners whom something concerned.",
    "round_events": "Events that rounds brought; divided by rounds: how many were joined in one.",
    "deliveries": "Events written to listeners, each listener's counted.",
    "frames_encoded": "Events turned into bytes, once for each audience with listeners.",
    "heartbeats": "Heartbeats to listeners for whom nothing else had come.",
    "replays": "Listeners that came back and were told what they had missed.",
    "resets": "Listeners told to read their snapshot again instead.",
    "head_reads": "Times the log was asked how far it has come.",
    "log_reads": "Reads of events from the database's log.",
    "log_failures": "Times the database's log could not be read.",
    "epoch_changes": "Times the stream began anew, for the log was another one or too far ahead.",
    "unreadable": "Events that could not be turned into bytes; their listeners heard a reset.",
    "doorbell_gaps": "Gaps healed: Redis was heard again, and the log read for what it missed.",
    "doorbell_messages": "Messages of other processes heard through Redis.",
    "doorbell_drops": "Events not told through Redis; other processes read them from the log.",
    "doorbell_failures": "Messages that Redis did not take.",
}
