"""The processes that follow the stream: they keep views, arm timers and record what has come due. Wiring only."""
