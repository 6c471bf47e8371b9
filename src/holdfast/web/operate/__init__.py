"""What an operator does over HTTP: tokens, links, proof, backup, the hold and the settings."""
