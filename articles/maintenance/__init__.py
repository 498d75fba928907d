"""Backup, restore and verification of all stored data."""
