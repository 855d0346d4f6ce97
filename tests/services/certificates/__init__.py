"""The program that makes certificates, in the environment that its image holds, before openssl."""
