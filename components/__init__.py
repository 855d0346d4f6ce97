"""ComponentResources: they create exactly what their plan says."""
