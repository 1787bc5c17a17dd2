"""What marking promises, P1 to P10: a file of tests for each, and the hostile submissions that they meet."""
