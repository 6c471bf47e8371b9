"""The product's memory: what happened here, sealed by a hash chain."""
