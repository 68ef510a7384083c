"""Webhooks: to whom what is published is posted, who may say so, and what is never an address to post to."""
