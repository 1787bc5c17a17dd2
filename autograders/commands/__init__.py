"""The commands of `heatproof`, by subject; `autograders.cli` puts them together."""
