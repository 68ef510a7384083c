"""Reports: what a policy asks for, made from the views, each figure with what stands behind it."""
