"""Posts what is published to webhooks: for systems that speak HTTP and no NATS."""
