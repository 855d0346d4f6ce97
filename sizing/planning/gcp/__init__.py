"""The parts of a plan that Google sells in another form than AWS."""
