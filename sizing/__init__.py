"""What the platform should be: a pure, typed answer to a workload."""
