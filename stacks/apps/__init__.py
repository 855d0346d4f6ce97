"""What runs in the cluster of a plan, the same on every cloud."""
