"""Actions that an audit leads to: set, agreed to a later date, completed, confirmed."""
