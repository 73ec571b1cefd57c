// Reads a JUnit report, joins it to three incidents, and prints what that took.
