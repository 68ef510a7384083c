"""The event store: a persistence module of the event-sourcing library on NATS JetStream.

One stream per authority, one literal subject per aggregate; appends are conditional, histories are never edited.
"""
