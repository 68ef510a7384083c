"""What the ladders owe now: notices to send, steps that lapsed, escalations to raise or to resolve."""
