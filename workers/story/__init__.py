"""The story of one audit, action or child: what happened, what followed, who was told, and what is still open."""
