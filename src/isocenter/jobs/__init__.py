"""Work in other processes: limits around untrusted input."""
