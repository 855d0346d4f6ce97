"""What an account needs once, before its first stack: a Pulumi project of its own."""
