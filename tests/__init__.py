"""Tests: what the project promises, and how it behaves when given what it should not be given."""
