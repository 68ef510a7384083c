"""The command side: domain by domain, the policies, the obligations engine and the store."""
