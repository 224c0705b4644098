"""Benchmarks: whole processes, ours and the peers', run interleaved on the same fixed inputs."""
