"""The workloads on Kubernetes, the same on every cloud."""
