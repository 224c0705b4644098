"""Bytes by key, and the database."""
