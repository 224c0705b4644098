"""The command line: `isocenter`, and `dicompressor` with its documented switches."""
