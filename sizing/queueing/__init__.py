"""Queueing: from arrivals and a percentile that users may expect to counts of replicas."""
