"""What the parts of a plan cost on Google Cloud."""
