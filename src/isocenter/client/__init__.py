"""The client: what talks to a server over HTTP from another machine."""
