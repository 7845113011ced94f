"""Starts of the program as processes of their own, against each other; the tests are in test_two_starts.py."""
