"""The newsstand's ASGI application."""
