"""The window: the only folder that knows Qt. Pages show, collect and call one feature function; rules live elsewhere."""
