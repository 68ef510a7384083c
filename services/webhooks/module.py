"""Webhooks: one record for each address to which what is published is posted."""

from services.core.part import Act, Part
from services.core.record import Kind
from services.webhooks import commands as c
from services.webhooks import decisions as d
from services.webhooks.state import KIND, Webhook, require_standing

MODULE = Part(
    name="webhooks",
    kinds=(Kind(KIND, Webhook, own_key=True, require_standing=require_standing),),
    acts=(
        Act(c.SetWebhook, d.set_webhook, words="have what is published posted to an address"),
        Act(c.ShowSecret, d.show_secret, words="be shown the secret of a webhook, once"),
        Act(c.RemoveWebhook, d.remove, words="remove a webhook"),
    ),
)
