"""The HTTP faces: requests to calls of services, values and errors to answers."""
