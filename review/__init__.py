"""Reads a resource graph and says what a reviewer wants to know; touches no cloud and changes nothing."""
