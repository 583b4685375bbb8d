"""Orders on paper: what is on it, and the printers in the network that print it by themselves."""
