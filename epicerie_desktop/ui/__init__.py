"""The windows: the only room that knows Qt. They call services, and nothing below."""
