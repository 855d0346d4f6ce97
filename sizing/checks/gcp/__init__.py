"""What is asked of a plan on Google Cloud alone."""
