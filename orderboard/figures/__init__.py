"""The figures over all orders, kept in step with the log and never counted anew when asked for."""
