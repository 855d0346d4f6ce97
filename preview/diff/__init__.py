"""What a change does to a stack: two plans compared, resource by resource, in money and in risk."""
