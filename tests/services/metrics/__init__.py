"""Real Prometheus programs, and what they export."""
