"""What the engine runs."""

from bootstrap.aws import main

main()
