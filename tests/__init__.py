"""Tests: they mirror the package; each kind of proof that spans modules has a folder of its own."""
