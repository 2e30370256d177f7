"""Five people and five thousand texts: the queue, decisions on many at once, samples, sheets, disputes, feedback."""
