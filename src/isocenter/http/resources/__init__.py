"""The resource API: the wire contract of its documented clients, at the root and below a prefix."""
