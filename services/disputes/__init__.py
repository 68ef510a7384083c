"""Disputes about the planning for a child: up the chain tier by tier, but for a matter of safety at once to its end."""
