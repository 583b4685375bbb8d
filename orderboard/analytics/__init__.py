"""What happened in any period: sums by hour, day and month, kept by a consumer of the log."""
