"""Archives as the policy has them: how long history stays live, and who may take it out."""
